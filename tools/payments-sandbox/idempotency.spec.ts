import { SandboxFixture } from './sandbox.fixture.js';

const sandbox = new SandboxFixture();
beforeAll(() => sandbox.start());
afterAll(() => sandbox.dispose());

async function chargesOf(reference: string): Promise<Record<string, unknown>[]> {
  return (await sandbox.get(`/v1/charges?reference=${reference}`)).body.items ?? [];
}

describe('idempotency keys', () => {
  it('are required', async () => {
    const headers = { authorization: 'Bearer sandbox-key' };
    const response = await fetch(`${sandbox.url}/v1/charges`, { method: 'POST', headers, body: '{}' });
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { error: { code: 'idempotency_key_missing' } },
    ]);
  });

  it('answer the same request the same way, whatever the order of its fields', async () => {
    const first = await sandbox.charge('same');
    const fields = { reference: 'order-same', paymentMethod: 'pm_ok', currency: 'GBP', amount: 1234 };
    const second = await sandbox.post('/v1/charges', 'same', fields);
    expect([second.status, second.body]).toEqual([first.status, first.body]);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(await chargesOf('order-same')).toHaveLength(1);
  });

  it('refuse another request', async () => {
    await sandbox.charge('other');
    const answer = await sandbox.charge('other', { amount: 1235, reference: 'order-other' });
    expect([answer.status, answer.body.error?.code]).toEqual([422, 'idempotency_key_reused']);
  });

  it('refuse a second request while the first is in flight, and one charge is made', async () => {
    const first = sandbox.charge('flight', { paymentMethod: 'pm_slow' });
    await new Promise((resolve) => setTimeout(resolve, 60));
    const second = await sandbox.charge('flight', { paymentMethod: 'pm_slow' });
    expect([second.status, second.body.error?.code]).toEqual([409, 'idempotency_key_in_use']);
    expect((await first).status).toBe(201);
    expect(await chargesOf('order-flight')).toHaveLength(1);
  });

  it('remember a refused refund', async () => {
    const { body } = await sandbox.charge('refusal');
    const refund = () =>
      sandbox.post(`/v1/charges/${body.id}/refunds`, 'refusal-refund', { amount: 9999, reference: 'x' });
    const first = await refund();
    const second = await refund();
    expect([first.status, first.body.error?.code]).toEqual([422, 'refund_exceeds_captured']);
    expect([second.status, second.body]).toEqual([422, first.body]);
  });
});

describe('scripted failures', () => {
  it('pm_timeout commits and never answers; the same key is answered', async () => {
    const lost = sandbox.charge('timeout', { paymentMethod: 'pm_timeout' }, AbortSignal.timeout(300));
    await expect(lost).rejects.toThrow(/timeout/);
    const [charge] = await chargesOf('order-timeout');
    expect(charge).toMatchObject({ status: 'succeeded', amountCaptured: 1234 });
    expect((await sandbox.charge('timeout', { paymentMethod: 'pm_timeout' })).body).toEqual(charge);
  });

  it('pm_refund_timeout does the same to a refund', async () => {
    const { body } = await sandbox.charge('refund-timeout', { paymentMethod: 'pm_refund_timeout' });
    const path = `/v1/charges/${body.id}/refunds`;
    const refund = { amount: 1234, reference: 'refund-timeout' };
    await expect(sandbox.post(path, 'refund-timeout-1', refund, AbortSignal.timeout(300))).rejects.toThrow(/timeout/);
    const { items } = (await sandbox.get('/v1/refunds?reference=refund-timeout')).body;
    expect(items).toMatchObject([{ amount: 1234, status: 'succeeded' }]);
    expect((await sandbox.post(path, 'refund-timeout-1', refund)).body).toEqual(items?.[0]);
  });

  it('pm_error_once fails before anything is done, then succeeds with the same key', async () => {
    expect((await sandbox.charge('error', { paymentMethod: 'pm_error_once' })).status).toBe(500);
    expect(await chargesOf('order-error')).toEqual([]);
    expect((await sandbox.charge('error', { paymentMethod: 'pm_error_once' })).status).toBe(201);
    expect(await chargesOf('order-error')).toHaveLength(1);
  });

  it('are all in the log, in order', async () => {
    const { body } = await sandbox.get('/v1/log');
    const items = body.items ?? [];
    expect(items.map((item) => item['seq'])).toEqual(items.map((_, index) => index + 1));
    const operationsOf = (key: string) =>
      items.filter((item) => item['idempotencyKey'] === key).map((item) => item['operation']);
    expect(operationsOf('error')).toEqual(['charge.error', 'charge.created']);
    expect(operationsOf('timeout')).toEqual(['charge.created', 'request.replayed']);
    expect(operationsOf('refusal-refund')).toEqual(['refunds.refused', 'request.replayed']);
    const page = (await sandbox.get('/v1/log?after=2&limit=1')).body;
    expect([page.items?.length, page.items?.[0]?.['seq'], page['nextAfter']]).toEqual([1, 3, 3]);
  });
});
