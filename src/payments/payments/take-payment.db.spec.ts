import { PaymentsStage } from '../testing/index.js';

let stage: PaymentsStage;

beforeAll(async () => {
  stage = await PaymentsStage.open();
});
afterAll(() => stage.close());
beforeEach(() => stage.newTenant());
afterEach(() => stage.verify());

const payment = async (id: string) => (await stage.call('GET', `/v1/payments/${id}`)).body;

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
  });
});
