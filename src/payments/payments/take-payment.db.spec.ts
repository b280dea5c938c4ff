import { jest } from '@jest/globals';
import { runInContext } from '#libs/context';
import { uuidv7 } from '#libs/kernel';
import type { ChargeOrder } from '../provider/payment-provider.js';
import { PaymentProviderUnavailable } from '../provider/provider.errors.js';
import { SandboxPaymentProvider } from '../provider/sandbox/sandbox-payment-provider.js';
import { PaymentsStage } from '../testing/index.js';
import { ConfirmPayment } from './confirm-payment.js';

let stage: PaymentsStage;

beforeAll(async () => {
  stage = await PaymentsStage.open();
});
afterAll(() => stage.close());
beforeEach(() => stage.newTenant());
afterEach(async () => {
  jest.restoreAllMocks();
  await stage.verify();
});

const payment = async (id: string) => (await stage.call('GET', `/v1/payments/${id}`)).body;

/** What the sandbox did under the payment's key. */
async function operations(paymentId: string): Promise<string[]> {
  const log = await stage.sandbox.log();
  return log.filter(({ idempotencyKey }) => idempotencyKey === paymentId).map(({ operation }) => operation);
}

/** The next call of the provider goes through, and then this happens. */
function afterNextCharge(then: (order: ChargeOrder) => Promise<void>): void {
  const provider = stage.get(SandboxPaymentProvider);
  const charge = provider.charge.bind(provider);
  jest.spyOn(provider, 'charge').mockImplementationOnce(async (order, signal) => {
    const answer = await charge(order, signal);
    await then(order);
    return answer;
  });
}

describe('a payment', () => {
  it('is pending until the provider has it, then captured', async () => {
    const orderId = await stage.order('100.00');
    const paymentId = await stage.pay(orderId, 'pm_ok');
    expect(await payment(paymentId)).toMatchObject({
      orderId,
      status: 'pending',
      amount: { amount: '100.00', currency: 'GBP' },
      captured: { amount: '0.00', currency: 'GBP' },
      providerRef: null,
    });
    expect(await stage.deliver()).toEqual(['done']);
    expect(await payment(paymentId)).toMatchObject({
      status: 'captured',
      captured: { amount: '100.00', currency: 'GBP' },
      providerRef: expect.stringMatching(/^ch_/),
      settledAt: expect.any(String),
    });
    expect(await stage.told(paymentId)).toEqual({
      'payments.payment.captured': 1,
      'payments.payment.requested': 1,
    });
  });

  it('tells the books what accounting reads, on the local date of the tenant', async () => {
    await stage.newTenant({ timeZone: 'Pacific/Auckland', currency: 'NZD' });
    const orderId = await stage.order('100.00');
    const paymentId = await stage.pay(orderId, 'pm_ok');
    const moved = { providerRef: `ch_${uuidv7()}`, amountMinor: 10_000n, currency: 'NZD' };
    const confirm = () => stage.as(() => stage.get(ConfirmPayment).execute(paymentId, moved));
    await runInContext({ now: new Date('2026-12-31T11:30:00Z') }, confirm);
    expect(await stage.payload('payments.payment.captured', paymentId)).toEqual({
      paymentId,
      orderId,
      currency: 'NZD',
      amountMinor: '10000',
      businessDate: '2027-01-01',
      provider: 'sandbox',
    });
    expect(await stage.settle()).toEqual(['done']);
    expect(await operations(paymentId)).toEqual([]);
  });

  it('fails when the card is declined, and the order can be paid again', async () => {
    const orderId = await stage.order('100.00');
    const declined = await stage.pay(orderId, 'pm_declined');
    expect(await stage.deliver()).toEqual(['done']);
    expect(await payment(declined)).toMatchObject({ status: 'failed', failureCode: 'card_declined' });
    expect(await stage.told(declined)).toEqual({ 'payments.payment.failed': 1, 'payments.payment.requested': 1 });
    const again = await stage.pay(orderId, 'pm_ok');
    await stage.settle();
    expect(await payment(again)).toMatchObject({ status: 'captured' });
  });

  it('fails with the provider’s reason when it does not know the method', async () => {
    const paymentId = await stage.pay(await stage.order('100.00'), 'pm_unheard_of');
    expect(await stage.deliver()).toEqual(['done']);
    expect(await payment(paymentId)).toMatchObject({ status: 'failed', failureCode: 'unknown_payment_method' });
  });
});

describe('an answer that never comes', () => {
  it('makes it unknown, and asking by its reference settles it once', async () => {
    const paymentId = await stage.pay(await stage.order('100.00'), 'pm_timeout');
    expect(await stage.deliver()).toEqual(['deferred']);
    expect(await payment(paymentId)).toMatchObject({ status: 'unknown', captured: { amount: '0.00' } });
    expect(await stage.deliver()).toEqual([]);
    expect(await stage.settle()).toEqual(['done']);
    expect(await payment(paymentId)).toMatchObject({ status: 'captured', captured: { amount: '100.00' } });
    expect(await operations(paymentId)).toEqual(['charge.created']);
    expect(await stage.told(paymentId)).toMatchObject({ 'payments.payment.captured': 1 });
  });

  it('is asked for later and later, and never spends an attempt', async () => {
    const paymentId = await stage.pay(await stage.order('100.00'), 'pm_ok');
    const provider = stage.get(SandboxPaymentProvider);
    const unknown = { status: 'unknown', reason: 'TimeoutError' } as const;
    jest.spyOn(provider, 'charge').mockResolvedValue(unknown);
    jest.spyOn(provider, 'findCharge').mockResolvedValue(unknown);
    const pauses: number[] = [];
    for (let ask = 1; ask <= 4; ask++) {
      expect(await stage.deliver()).toEqual(['deferred']);
      const [row] = await stage.database.asSuperuser<{ pause: number; attempts: number }>(
        `select round(extract(epoch from due_at - clock_timestamp()))::int pause, attempts
         from platform.delivery where aggregate_id = $1`,
        [paymentId],
      );
      expect(row?.attempts).toBe(0);
      pauses.push(row?.pause ?? 0);
      await stage.hurry();
    }
    expect(pauses).toEqual([1, 2, 4, 8]);
    expect(provider.charge).toHaveBeenCalledTimes(1);
    jest.restoreAllMocks();
    await stage.settle();
    expect(await payment(paymentId)).toMatchObject({ status: 'captured' });
  });

  it('becomes a dead letter after days, for a person', async () => {
    const paymentId = await stage.pay(await stage.order('100.00'), 'pm_ok');
    await stage.database.asSuperuser('update payment set asks = 450 where id = $1', [paymentId]);
    const unknown = { status: 'unknown', reason: 'TimeoutError' } as const;
    jest.spyOn(stage.get(SandboxPaymentProvider), 'findCharge').mockResolvedValue(unknown);
    expect(await stage.settle()).toEqual(['retried', 'dead']);
    expect(await payment(paymentId)).toMatchObject({ status: 'unknown' });
  });
});

describe('a provider that fails', () => {
  it('with 500 before anything is done is told again, and charges once', async () => {
    const paymentId = await stage.pay(await stage.order('100.00'), 'pm_error_once');
    expect(await stage.deliver()).toEqual(['deferred']);
    expect(await payment(paymentId)).toMatchObject({ status: 'unknown' });
    expect(await stage.settle()).toEqual(['done']);
    expect(await payment(paymentId)).toMatchObject({ status: 'captured' });
    expect(await operations(paymentId)).toEqual(['charge.error', 'charge.created']);
  });

  it('to be there is called as often as needed, without spending an attempt', async () => {
    const paymentId = await stage.pay(await stage.order('100.00'), 'pm_ok');
    const away = new PaymentProviderUnavailable('sandbox', 'ECONNREFUSED');
    jest.spyOn(stage.get(SandboxPaymentProvider), 'charge').mockRejectedValueOnce(away).mockRejectedValueOnce(away);
    expect(await stage.settle()).toEqual(['postponed', 'postponed', 'done']);
    expect(await payment(paymentId)).toMatchObject({ status: 'captured' });
  });

  it('to decide at once is waited for', async () => {
    const paymentId = await stage.pay(await stage.order('100.00'), 'pm_pending');
    expect(await stage.deliver()).toEqual(['deferred']);
    expect(await payment(paymentId)).toMatchObject({ status: 'pending', providerRef: expect.stringMatching(/^ch_/) });
    await stage.webhooksOf(paymentId);
    expect((await stage.settle()).at(-1)).toBe('done');
    expect(await payment(paymentId)).toMatchObject({ status: 'captured' });
    expect(await operations(paymentId)).toEqual(['charge.created']);
  });
});

describe('a worker that dies between the call and writing down what came of it', () => {
  it('is followed by one that asks under the same key: one charge', async () => {
    const paymentId = await stage.pay(await stage.order('100.00'), 'pm_ok');
    afterNextCharge(() => Promise.reject(new Error('killed')));
    expect(await stage.deliver()).toEqual(['retried']);
    expect(await payment(paymentId)).toMatchObject({ status: 'pending' });
    expect(await stage.settle()).toEqual(['done']);
    expect(await payment(paymentId)).toMatchObject({ status: 'captured' });
    expect(await operations(paymentId)).toEqual(['charge.created', 'request.replayed']);
    expect(await stage.told(paymentId)).toMatchObject({ 'payments.payment.captured': 1 });
  });

  it('is followed by one that calls nobody when the webhook has settled it meanwhile', async () => {
    const paymentId = await stage.pay(await stage.order('100.00'), 'pm_ok');
    afterNextCharge(() => Promise.reject(new Error('killed')));
    expect(await stage.deliver()).toEqual(['retried']);
    const [webhook] = await stage.webhooksOf(paymentId);
    expect((await stage.passOn(webhook!)).status).toBe(204);
    expect(await stage.settle()).toEqual(['done']);
    expect(await operations(paymentId)).toEqual(['charge.created']);
    expect(await stage.told(paymentId)).toMatchObject({ 'payments.payment.captured': 1 });
  });
});
