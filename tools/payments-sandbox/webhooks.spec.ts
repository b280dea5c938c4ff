import { createHmac } from 'node:crypto';
import { eventually, SandboxFixture, type ReceivedWebhook } from './sandbox.fixture.js';

const sandbox = new SandboxFixture();
beforeAll(() => sandbox.start());
afterAll(() => sandbox.dispose());

function webhooksOf(reference: string): ReceivedWebhook[] {
  return sandbox.webhooks.filter(({ event }) => event.data.object['reference'] === reference);
}

function typesOf(reference: string): string[] {
  return webhooksOf(reference).map(({ event }) => event.type);
}

describe('webhooks', () => {
  it('are signed over time and raw body', async () => {
    const { body: charge } = await sandbox.charge('signed');
    await eventually(() => webhooksOf('order-signed').length === 1);
    const [webhook] = webhooksOf('order-signed');
    expect(webhook?.event).toMatchObject({ type: 'charge.succeeded', data: { object: charge } });
    const [, time = ''] = /^t=(\d+),v1=[0-9a-f]{64}$/.exec(webhook?.signature ?? '') ?? [];
    const mac = createHmac('sha256', 'webhook-secret').update(`${time}.${webhook?.body}`).digest('hex');
    expect(webhook?.signature).toBe(`t=${time},v1=${mac}`);
    expect(Math.abs(Date.now() / 1000 - Number(time))).toBeLessThan(5);
  });

  it('tell of failed charges, later captures and refunds', async () => {
    await sandbox.charge('failed', { paymentMethod: 'pm_declined' });
    const { body } = await sandbox.charge('told', { capture: false });
    await sandbox.post(`/v1/charges/${body.id}/capture`, 'told-capture', {});
    await sandbox.post(`/v1/charges/${body.id}/refunds`, 'told-refund', { amount: 5, reference: 'told-refund' });
    await eventually(() => webhooksOf('order-failed').length + webhooksOf('told-refund').length === 2);
    expect(typesOf('order-failed')).toEqual(['charge.failed']);
    expect(typesOf('order-told')).toEqual(['charge.succeeded']);
    expect(typesOf('told-refund')).toEqual(['refund.succeeded']);
  });

  it('come again with the same id until they are taken', async () => {
    sandbox.receiverStatus = 503;
    await sandbox.charge('again');
    await eventually(() => webhooksOf('order-again').length === 3);
    sandbox.receiverStatus = 204;
    await eventually(async () => (await sandbox.operations()).at(-1) === 'webhook.delivered');
    const ids = new Set(webhooksOf('order-again').map(({ event }) => event.id));
    expect(ids.size).toBe(1);
  });

  it('come twice for pm_webhook_twice', async () => {
    await sandbox.charge('twice', { paymentMethod: 'pm_webhook_twice' });
    await eventually(() => webhooksOf('order-twice').length === 2);
    const [first, second] = webhooksOf('order-twice');
    expect(second?.body).toBe(first?.body);
  });

  it('come after the refund of the charge for pm_webhook_late', async () => {
    const { body } = await sandbox.charge('late', { paymentMethod: 'pm_webhook_late' });
    await sandbox.post(`/v1/charges/${body.id}/refunds`, 'late-refund', { amount: 1234, reference: 'late-refund' });
    await eventually(() => webhooksOf('order-late').length === 1);
    const order = sandbox.webhooks.map(({ event }) => event.data.object['reference']);
    expect(order.indexOf('late-refund')).toBeGreaterThan(-1);
    expect(order.indexOf('late-refund')).toBeLessThan(order.indexOf('order-late'));
  });

  it('bring the success of pm_pending', async () => {
    const { body } = await sandbox.charge('pending', { paymentMethod: 'pm_pending' });
    expect(body).toMatchObject({ status: 'pending', amountCaptured: 0 });
    await eventually(() => webhooksOf('order-pending').length === 1);
    expect((await sandbox.get(`/v1/charges/${body.id}`)).body).toMatchObject({
      status: 'succeeded',
      amountCaptured: 1234,
    });
  });
});
