import { SandboxFixture } from './sandbox.fixture.js';

const sandbox = new SandboxFixture();
beforeAll(() => sandbox.start());
afterAll(() => sandbox.dispose());

describe('charges and refunds', () => {
  it('answers its probe and shows its operations, escaped, without a key', async () => {
    expect((await fetch(`${sandbox.url}/healthz`)).status).toBe(200);
    await sandbox.charge('page', { reference: '<script>' });
    const page = await (await fetch(sandbox.url)).text();
    expect(page).toContain('charge.created');
    expect(page).toContain('&lt;script&gt;');
    expect(page).not.toContain('<script>');
  });

  it('refuses a request without the API key', async () => {
    const response = await fetch(`${sandbox.url}/v1/log`, { headers: { authorization: 'Bearer wrong' } });
    expect(response.status).toBe(401);
  });

  it('captures at once and is found by its reference', async () => {
    const { status, body } = await sandbox.charge('at-once', { metadata: { tenantId: 't1' } });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      status: 'succeeded',
      amount: 1234,
      amountCaptured: 1234,
      metadata: { tenantId: 't1' },
    });
    expect((await sandbox.get(`/v1/charges/${body.id}`)).body).toEqual(body);
    expect((await sandbox.get('/v1/charges?reference=order-at-once')).body.items).toEqual([body]);
    expect((await sandbox.get('/v1/charges?reference=order-none')).body.items).toEqual([]);
  });

  it('authorises first and captures a part later, once', async () => {
    const { body } = await sandbox.charge('later', { capture: false });
    expect(body).toMatchObject({ status: 'authorized', amountCaptured: 0 });
    const capture = `/v1/charges/${body.id}/capture`;
    expect((await sandbox.post(capture, 'later-too-much', { amount: 1235 })).body.error?.code).toBe(
      'capture_exceeds_authorized',
    );
    expect((await sandbox.post(capture, 'later-1', { amount: 1000 })).body).toMatchObject({
      status: 'succeeded',
      amountCaptured: 1000,
    });
    const second = await sandbox.post(capture, 'later-2', {});
    expect([second.status, second.body.error?.code]).toEqual([422, 'charge_not_authorized']);
  });

  it('never refunds more than was captured, even by two callers at once', async () => {
    const { body } = await sandbox.charge('refunded');
    const refund = (key: string) =>
      sandbox.post(`/v1/charges/${body.id}/refunds`, key, { amount: 700, reference: key });
    const answers = await Promise.all([refund('refund-1'), refund('refund-2')]);
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 422]);
    const refused = answers.find(({ status }) => status === 422);
    expect(refused?.body.error?.code).toBe('refund_exceeds_captured');
    expect((await sandbox.get(`/v1/charges/${body.id}`)).body['amountRefunded']).toBe(700);
    const made = [
      ...((await sandbox.get('/v1/refunds?reference=refund-1')).body.items ?? []),
      ...((await sandbox.get('/v1/refunds?reference=refund-2')).body.items ?? []),
    ];
    expect(made).toHaveLength(1);
    expect((await sandbox.get(`/v1/refunds/${String(made[0]?.['id'])}`)).body).toEqual(made[0]);
  });

  it('declines with a failed charge', async () => {
    const { status, body } = await sandbox.charge('declined', { paymentMethod: 'pm_declined' });
    expect([status, body['status'], body['failureCode']]).toEqual([201, 'failed', 'card_declined']);
    const refund = await sandbox.post(`/v1/charges/${body.id}/refunds`, 'declined-refund', {
      amount: 1,
      reference: 'x',
    });
    expect(refund.body.error?.code).toBe('charge_not_captured');
  });

  it.each([
    ['a fraction of a minor unit', { amount: 12.5 }],
    ['an amount of zero', { amount: 0 }],
    ['an amount as text', { amount: '12' }],
    ['a currency in small letters', { currency: 'gbp' }],
    ['an unknown payment method', { paymentMethod: 'pm_gold' }],
    ['an unknown field', { colour: 'red' }],
    ['a missing reference', { reference: undefined }],
    ['metadata that is not text', { metadata: { a: 1 } }],
    ['a pending method without capture', { paymentMethod: 'pm_pending', capture: false }],
  ])('refuses %s', async (_, fields) => {
    expect((await sandbox.charge('invalid', fields)).status).toBe(400);
  });

  it('refuses broken JSON, oversized bodies and unknown charges', async () => {
    const headers = { authorization: 'Bearer sandbox-key', 'idempotency-key': 'broken' };
    const broken = await fetch(`${sandbox.url}/v1/charges`, { method: 'POST', headers, body: '{' });
    expect(broken.status).toBe(400);
    expect((await sandbox.charge('oversized', { reference: 'x'.repeat(70_000) })).status).toBe(413);
    expect((await sandbox.post('/v1/charges/ch_none/refunds', 'none', { amount: 1, reference: 'x' })).status).toBe(404);
    expect((await sandbox.get('/v1/charges/ch_none')).status).toBe(404);
  });
});
