import { jest } from '@jest/globals';
import { Money } from '#libs/kernel';
import { RefundExceedsPayment } from '../payments/payment.errors.js';
import { SandboxPaymentProvider } from '../provider/sandbox/sandbox-payment-provider.js';
import { PaymentsStage } from '../testing/index.js';
import { RequestRefund } from './request-refund.js';

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
const refunds = async (paymentId: string) => (await stage.call('GET', `/v1/payments/${paymentId}/refunds`)).body.items;
const request = (paymentId: string, amount: string) =>
  stage.as(() => stage.get(RequestRefund).execute({ paymentId, amount: Money.parse(amount, 'GBP') }));

async function operations(refundId: string): Promise<string[]> {
  const log = await stage.sandbox.log();
  return log.filter(({ idempotencyKey }) => idempotencyKey === refundId).map(({ operation }) => operation);
}

it('sets the money aside, gives it back, and tells the books', async () => {
  const paymentId = await stage.captured();
  const { status, body } = await stage.refund(paymentId, '60.00');
  expect([status, body['status']]).toEqual([201, 'pending']);
  expect(await payment(paymentId)).toMatchObject({ refunding: { amount: '60.00' }, refunded: { amount: '0.00' } });
  expect(await stage.deliver()).toEqual(['done']);
  expect(await payment(paymentId)).toMatchObject({ refunding: { amount: '0.00' }, refunded: { amount: '60.00' } });
  expect(await refunds(paymentId)).toMatchObject([
    { id: body.id, status: 'succeeded', providerRef: expect.stringMatching(/^re_/) },
  ]);
  expect(await stage.payload('payments.refund.succeeded', body.id)).toEqual({
    refundId: body.id,
    paymentId,
    orderId: (await payment(paymentId))['orderId'],
    currency: 'GBP',
    amountMinor: '6000',
    businessDate: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
    provider: 'sandbox',
  });
});

it('gives all that is left back unless told otherwise, and then nothing more', async () => {
  const paymentId = await stage.captured();
  await stage.refund(paymentId, '99.99');
  expect((await stage.refund(paymentId)).body).toMatchObject({ amount: { amount: '0.01', currency: 'GBP' } });
  await stage.settle();
  expect((await stage.refund(paymentId)).body).toMatchObject({ code: 'payments.refund.exceeds_payment' });
  expect(await payment(paymentId)).toMatchObject({ refunded: { amount: '100.00' } });
});

it.each([
  ['more than was captured', '100.01', 409, 'payments.refund.exceeds_payment'],
  ['nothing', '0.00', 422, 'payments.amount.invalid'],
  ['less than nothing', '-1.00', 422, 'payments.amount.invalid'],
  ['fractions of a penny', '1.001', 400, 'money.invalid'],
])('refuses to give back %s', async (_, amount, status, code) => {
  const answer = await stage.refund(await stage.captured(), amount);
  expect([answer.status, answer.body.code]).toEqual([status, code]);
});

it('refuses to give back what was not captured', async () => {
  const paymentId = await stage.pay(await stage.order('100.00'), 'pm_declined');
  for (const state of ['pending', 'failed']) {
    const { status, body } = await stage.refund(paymentId, '1.00');
    expect([status, body.code, body['details']]).toMatchObject([
      409,
      'payments.payment.not_refundable',
      { status: state },
    ]);
    await stage.settle();
  }
});

it('refuses one of two refunds of 60 of 100 that are asked for at once', async () => {
  for (let round = 0; round < 8; round++) {
    const paymentId = await stage.captured();
    const ends = await Promise.allSettled([request(paymentId, '60.00'), request(paymentId, '60.00')]);
    const lost = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
    expect(lost).toEqual([expect.any(RefundExceedsPayment)]);
    await stage.settle();
    expect(await payment(paymentId)).toMatchObject({ refunded: { amount: '60.00' } });
  }
});

it('lets many small refunds at once through until nothing is left', async () => {
  const paymentId = await stage.captured();
  const ends = await Promise.allSettled(Array.from({ length: 12 }, () => request(paymentId, '10.00')));
  expect(ends.filter((end) => end.status === 'fulfilled')).toHaveLength(10);
  await stage.settle();
  expect(await payment(paymentId)).toMatchObject({ refunded: { amount: '100.00' } });
});

it('asks what became of a refund whose answer never came', async () => {
  const paymentId = await stage.captured('pm_refund_timeout');
  const refundId = (await stage.refund(paymentId, '60.00')).body.id;
  expect(await stage.deliver()).toEqual(['deferred']);
  expect(await refunds(paymentId)).toMatchObject([{ status: 'unknown' }]);
  expect((await stage.refund(paymentId, '60.00')).body).toMatchObject({ code: 'payments.refund.exceeds_payment' });
  expect(await stage.settle()).toEqual(['done']);
  expect(await refunds(paymentId)).toMatchObject([{ status: 'succeeded' }]);
  expect(await operations(refundId)).toEqual(['refund.created']);
  expect(await stage.told(refundId)).toMatchObject({ 'payments.refund.succeeded': 1 });
});

it('is given back once when the worker dies after the call', async () => {
  const paymentId = await stage.captured();
  const refundId = (await stage.refund(paymentId, '60.00')).body.id;
  const provider = stage.get(SandboxPaymentProvider);
  const refund = provider.refund.bind(provider);
  jest.spyOn(provider, 'refund').mockImplementationOnce(async (order, signal) => {
    await refund(order, signal);
    throw new Error('killed');
  });
  expect(await stage.settle()).toEqual(['retried', 'done']);
  expect(await operations(refundId)).toEqual(['refund.created', 'request.replayed']);
  expect(await payment(paymentId)).toMatchObject({ refunded: { amount: '60.00' } });
});

it('frees the money of a refund that the provider refuses', async () => {
  const paymentId = await stage.captured();
  const refundId = (await stage.refund(paymentId, '60.00')).body.id;
  const refused = { status: 'refused', failureCode: 'account_closed', providerRef: null } as const;
  jest.spyOn(stage.get(SandboxPaymentProvider), 'refund').mockResolvedValueOnce(refused);
  expect(await stage.deliver()).toEqual(['done']);
  expect(await refunds(paymentId)).toMatchObject([{ status: 'failed', failureCode: 'account_closed' }]);
  expect(await payment(paymentId)).toMatchObject({ refunding: { amount: '0.00' }, refunded: { amount: '0.00' } });
  expect(await stage.told(refundId)).toEqual({ 'payments.refund.failed': 1, 'payments.refund.requested': 1 });
  await stage.refund(paymentId, '100.00');
  await stage.settle();
  expect(await payment(paymentId)).toMatchObject({ refunded: { amount: '100.00' } });
});
