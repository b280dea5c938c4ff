import { CancelSalesOrder, SalesOrderQueries } from '#erp/sales';
import { Money, uuidv7 } from '#libs/kernel';
import { PaymentsStage } from '../testing/index.js';
import { PaymentExceedsOrder } from './payment.errors.js';
import { RequestPayment } from './request-payment.js';

let stage: PaymentsStage;

beforeAll(async () => {
  stage = await PaymentsStage.open();
});
afterAll(() => stage.close());
beforeEach(() => stage.newTenant());
afterEach(() => stage.verify());

const post = (orderId: string, body: object, permissions?: string[]) =>
  stage.call('POST', `/v1/sales-orders/${orderId}/payments`, { method: 'pm_ok', ...body }, permissions);
const gbp = (amount: string) => ({ amount: { amount, currency: 'GBP' } });
const request = (orderId: string, amount: string) =>
  stage.as(() => stage.get(RequestPayment).execute({ orderId, method: 'pm_ok', amount: Money.parse(amount, 'GBP') }));

describe('POST /v1/sales-orders/{id}/payments', () => {
  it('answers 201 with the pending payment and where to find it', async () => {
    const { status, headers, body } = await post(await stage.order('100.00'), gbp('40.00'));
    expect([status, headers.get('location')]).toEqual([201, `/v1/payments/${body.id}`]);
    expect(body).toMatchObject({ status: 'pending', provider: 'sandbox', method: 'pm_ok', ...gbp('40.00') });
    expect((await stage.call('GET', `/v1/payments/${body.id}`)).body).toEqual(body);
  });

  it('takes what is open unless told otherwise, counting what is under way', async () => {
    const orderId = await stage.order('100.00');
    await post(orderId, gbp('30.00'));
    expect((await post(orderId, {})).body).toMatchObject(gbp('70.00'));
    const { status, body } = await post(orderId, {});
    expect([status, body.code]).toEqual([409, 'payments.payment.exceeds_order']);
  });

  it.each([
    ['a penny more than is open', { ...gbp('100.01') }, 409, 'payments.payment.exceeds_order'],
    ['nothing', { ...gbp('0.00') }, 422, 'payments.amount.invalid'],
    ['a negative amount', { ...gbp('-5.00') }, 422, 'payments.amount.invalid'],
    ['another currency', { amount: { amount: '5.00', currency: 'EUR' } }, 422, 'money.currency_mismatch'],
    ['fractions of a penny', { ...gbp('5.001') }, 400, 'money.invalid'],
    ['an unknown provider', { provider: 'acme' }, 404, 'payments.provider.unknown'],
    ['a card number', { method: '4111111111111111' }, 400, 'request.invalid'],
    ['an unknown field', { colour: 'red' }, 400, 'request.invalid'],
  ])('refuses %s', async (_, body, status, code) => {
    const answer = await post(await stage.order('100.00'), body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('refuses drafts, cancelled orders and orders that are not there', async () => {
    const draft = await stage.order('100.00', { confirm: false });
    const cancelled = await stage.order('100.00');
    await stage.as(() => stage.get(CancelSalesOrder).execute({ orderId: cancelled }));
    for (const id of [draft, cancelled]) {
      expect((await post(id, {})).body).toMatchObject({ code: 'payments.order.not_payable' });
    }
    expect((await post(uuidv7(), {})).body).toMatchObject({ code: 'sales.order.not_found' });
  });

  it('takes no money for units that were cancelled', async () => {
    const orderId = await stage.order('25.00', { quantity: 4 });
    const order = await stage.as(() => stage.get(SalesOrderQueries).get(orderId));
    const lines = [{ lineId: order.lines[0]!.id, quantity: 1 }];
    await stage.as(() => stage.get(CancelSalesOrder).execute({ orderId, lines }));
    expect((await post(orderId, gbp('75.01'))).body).toMatchObject({ code: 'payments.payment.exceeds_order' });
    expect((await post(orderId, {})).body).toMatchObject(gbp('75.00'));
  });

  it('takes again what was given back', async () => {
    const orderId = await stage.order('100.00');
    const paymentId = await stage.pay(orderId, 'pm_ok');
    await stage.settle();
    await stage.refund(paymentId, '40.00');
    expect((await post(orderId, gbp('40.00'))).status).toBe(409);
    await stage.settle();
    expect((await post(orderId, gbp('40.00'))).status).toBe(201);
  });

  it('refuses one of two payments of 60 of 100 that are asked for at once', async () => {
    for (let round = 0; round < 12; round++) {
      const orderId = await stage.order('100.00');
      const ends = await Promise.allSettled([request(orderId, '60.00'), request(orderId, '60.00')]);
      const lost = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
      expect(lost).toEqual([expect.any(PaymentExceedsOrder)]);
    }
  });
});

describe('reading', () => {
  it('lists the payments of an order by pages, newest first', async () => {
    const orderId = await stage.order('100.00');
    const ids = [await stage.pay(orderId, 'pm_ok', '10.00'), await stage.pay(orderId, 'pm_ok', '20.00')];
    const path = `/v1/sales-orders/${orderId}/payments?limit=1`;
    const first = await stage.call('GET', path);
    const second = await stage.call('GET', `${path}&cursor=${String(first.body['nextCursor'])}`);
    expect([first, second].map(({ body }) => body.items[0]?.['id'])).toEqual(ids.reverse());
    expect(second.body['nextCursor']).toBeNull();
    expect((await stage.call('GET', `/v1/sales-orders/${await stage.order('1.00')}/payments`)).body.items).toEqual([]);
  });

  it('is for those with the permission alone', async () => {
    const orderId = await stage.order('100.00');
    const paymentId = await stage.pay(orderId, 'pm_ok');
    for (const [permissions, refused] of [
      [['payment.read'], [post(orderId, {}, ['payment.read'])]],
      [['payment.write'], [stage.call('GET', `/v1/payments/${paymentId}`, undefined, ['payment.write'])]],
      [['payment.write'], [stage.call('POST', `/v1/payments/${paymentId}/refunds`, {}, ['payment.write'])]],
    ] as const) {
      const answers = await Promise.all(refused);
      expect([permissions, answers.map(({ status }) => status)]).toEqual([permissions, [403]]);
    }
  });

  it('shows nothing of another tenant', async () => {
    const orderId = await stage.order('100.00');
    const paymentId = await stage.pay(orderId, 'pm_ok');
    await stage.newTenant();
    const answers = await Promise.all([
      stage.call('GET', `/v1/payments/${paymentId}`),
      stage.call('GET', `/v1/payments/${paymentId}/refunds`),
      stage.call('GET', `/v1/sales-orders/${orderId}/payments`),
      stage.refund(paymentId, '1.00'),
      post(orderId, {}),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
  });
});
