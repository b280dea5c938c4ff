import { jest } from '@jest/globals';
import { uuidv7 } from '#libs/kernel';
import { SandboxPaymentProvider } from '../provider/sandbox/sandbox-payment-provider.js';
import { altered, type Answer, type CaughtWebhook, PaymentsStage, signed } from '../testing/index.js';

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
const recorded = (reference: string) =>
  stage.database.asSuperuser<{ type: string }>(
    'select type from payment_provider_event where $1::uuid in (payment_id, refund_id) order by id',
    [reference],
  );

/** While the provider's answer is on its way to the worker, this happens. */
function beforeAnswerOf(verb: 'charge' | 'refund', then: (reference: string) => Promise<unknown>): void {
  const provider = stage.get(SandboxPaymentProvider);
  const call = { charge: provider.charge.bind(provider), refund: provider.refund.bind(provider) };
  if (verb === 'charge') {
    jest.spyOn(provider, 'charge').mockImplementationOnce(async (order, signal) => {
      const answer = await call.charge(order, signal);
      await then(order.reference);
      return answer;
    });
  } else {
    jest.spyOn(provider, 'refund').mockImplementationOnce(async (order, signal) => {
      const answer = await call.refund(order, signal);
      await then(order.reference);
      return answer;
    });
  }
}

/** A payment whose provider was called by a worker that did not live to hear the answer; and the webhook. */
async function unheard(): Promise<[string, CaughtWebhook]> {
  const paymentId = await stage.pay(await stage.order('100.00'), 'pm_ok');
  beforeAnswerOf('charge', () => Promise.reject(new Error('killed')));
  await stage.deliver();
  const [webhook] = await stage.webhooksOf(paymentId);
  return [paymentId, webhook!];
}

const codeOf = ({ status, body }: Answer) => [status, body.code];

describe('a webhook', () => {
  it('confirms the payment before the provider has answered the worker', async () => {
    const paymentId = await stage.pay(await stage.order('100.00'), 'pm_ok');
    beforeAnswerOf('charge', async (reference) => {
      const [webhook] = await stage.webhooksOf(reference);
      expect((await stage.passOn(webhook!)).status).toBe(204);
      expect(await payment(paymentId)).toMatchObject({ status: 'captured' });
    });
    expect(await stage.deliver()).toEqual(['done']);
    expect(await stage.told(paymentId)).toMatchObject({ 'payments.payment.captured': 1 });
  });

  it('that races the worker, and its copy, confirms once', async () => {
    for (let round = 0; round < 12; round++) {
      const paymentId = await stage.pay(await stage.order('100.00'), 'pm_webhook_twice');
      let posts: Promise<Answer>[] = [];
      beforeAnswerOf('charge', async (reference) => {
        const webhooks = await stage.webhooksOf(reference, 2);
        posts = webhooks.map((webhook) => stage.passOn(webhook));
      });
      expect(await stage.deliver()).toEqual(['done']);
      expect((await Promise.all(posts)).map(({ status }) => status)).toEqual([204, 204]);
      expect(await stage.told(paymentId)).toMatchObject({ 'payments.payment.captured': 1 });
      expect(await recorded(paymentId)).toHaveLength(1);
    }
  });

  it('that comes many times at once works once, and is written down once', async () => {
    const [paymentId, webhook] = await unheard();
    const answers = await Promise.all(Array.from({ length: 6 }, () => stage.passOn(webhook)));
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(204));
    expect(await stage.told(paymentId)).toMatchObject({ 'payments.payment.captured': 1 });
    expect(await recorded(paymentId)).toEqual([{ type: 'charge.succeeded' }]);
    await stage.settle();
  });

  it('that comes late changes nothing any more', async () => {
    const paymentId = await stage.captured('pm_webhook_late');
    const before = await payment(paymentId);
    const [webhook] = await stage.webhooksOf(paymentId);
    expect((await stage.passOn(webhook!)).status).toBe(204);
    expect(await payment(paymentId)).toEqual(before);
    expect(await stage.told(paymentId)).toMatchObject({ 'payments.payment.captured': 1 });
  });

  it('of a refund may come before that of its charge', async () => {
    const paymentId = await stage.captured('pm_webhook_late');
    const refundId = (await stage.refund(paymentId, '40.00')).body.id;
    await stage.settle();
    const [ofRefund] = await stage.webhooksOf(refundId);
    const [ofCharge] = await stage.webhooksOf(paymentId);
    expect([(await stage.passOn(ofRefund!)).status, (await stage.passOn(ofCharge!)).status]).toEqual([204, 204]);
    expect(await payment(paymentId)).toMatchObject({ status: 'captured', refunded: { amount: '40.00' } });
    expect(await recorded(refundId)).toEqual([{ type: 'refund.succeeded' }]);
  });

  it('confirms a refund before the provider has answered the worker', async () => {
    const paymentId = await stage.captured();
    const refundId = (await stage.refund(paymentId, '40.00')).body.id;
    beforeAnswerOf('refund', async (reference) => {
      const [webhook] = await stage.webhooksOf(reference);
      expect((await stage.passOn(webhook!)).status).toBe(204);
    });
    expect(await stage.deliver()).toEqual(['done']);
    expect(await stage.told(refundId)).toMatchObject({ 'payments.refund.succeeded': 1 });
    expect(await payment(paymentId)).toMatchObject({ refunding: { amount: '0.00' }, refunded: { amount: '40.00' } });
  });

  it('fails a declined payment', async () => {
    const paymentId = await stage.pay(await stage.order('100.00'), 'pm_declined');
    beforeAnswerOf('charge', () => Promise.reject(new Error('killed')));
    await stage.deliver();
    const [webhook] = await stage.webhooksOf(paymentId);
    await stage.passOn(webhook!);
    expect(await payment(paymentId)).toMatchObject({ status: 'failed', failureCode: 'card_declined' });
    expect(await stage.settle()).toEqual(['done']);
  });
});

describe('a webhook is refused', () => {
  it.each([
    ['without a signature', (webhook: CaughtWebhook) => ({ ...webhook, signature: '' })],
    ['signed with another secret', (webhook: CaughtWebhook) => signed(webhook, { secret: 'guessed' })],
    ['with a body that was changed by a byte', (webhook: CaughtWebhook) => ({ ...webhook, body: `${webhook.body} ` })],
  ])('%s', async (_, forge) => {
    const [paymentId, webhook] = await unheard();
    expect(codeOf(await stage.passOn(forge(webhook)))).toEqual([401, 'payments.webhook.signature_invalid']);
    expect(await payment(paymentId)).toMatchObject({ status: 'pending' });
    await stage.settle();
  });

  it.each([
    ['signed six minutes ago', -360_000],
    ['signed six minutes ahead', 360_000],
  ])('%s', async (_, offsetMs) => {
    const [paymentId, webhook] = await unheard();
    const replayed = signed(webhook, { at: new Date(Date.now() + offsetMs) });
    expect(codeOf(await stage.passOn(replayed))).toEqual([401, 'payments.webhook.expired']);
    expect(await payment(paymentId)).toMatchObject({ status: 'pending' });
    expect((await stage.passOn(signed(webhook, { at: new Date(Date.now() - 240_000) }))).status).toBe(204);
    expect(await payment(paymentId)).toMatchObject({ status: 'captured' });
    await stage.settle();
  });

  it('of a provider that is not here, and when it is not what the provider documents', async () => {
    const [, webhook] = await unheard();
    expect(codeOf(await stage.passOn(webhook, 'acme'))).toEqual([404, 'payments.provider.unknown']);
    const malformed = altered(webhook, { status: 'gone' });
    expect(codeOf(await stage.passOn(malformed))).toEqual([400, 'payments.webhook.malformed']);
    await stage.settle();
  });

  it('when the amount is another one: nothing is recorded', async () => {
    const [paymentId, webhook] = await unheard();
    const short = altered(webhook, { amountCaptured: 9_999 });
    expect(codeOf(await stage.passOn(short))).toEqual([409, 'payments.provider.amount_mismatch']);
    expect([await recorded(paymentId), (await payment(paymentId))['status']]).toEqual([[], 'pending']);
    await stage.settle();
  });

  it('when it says the opposite of what was said before', async () => {
    const paymentId = await stage.captured();
    const [webhook] = await stage.webhooksOf(paymentId);
    const opposite = altered(webhook!, { status: 'failed' }, { id: 'evt_opposite', type: 'charge.failed' });
    expect(codeOf(await stage.passOn(opposite))).toEqual([409, 'payments.provider.contradiction']);
    expect(await payment(paymentId)).toMatchObject({ status: 'captured' });
  });
});

describe('a webhook is taken without effect', () => {
  it.each([
    ['of a type that is none of ours', {}, { type: 'dispute.opened' }],
    ['about a charge that somebody else made', { metadata: {} }, {}],
  ])('%s', async (_, changes, event) => {
    const [paymentId, webhook] = await unheard();
    expect((await stage.passOn(altered(webhook, changes, event))).status).toBe(204);
    expect(await payment(paymentId)).toMatchObject({ status: 'pending' });
    await stage.settle();
  });

  it('about another tenant’s payment, an unknown payment and an unknown tenant', async () => {
    const [paymentId, webhook] = await unheard();
    const theirs = stage.tenant.id;
    await stage.newTenant();
    for (const metadata of [
      { tenantId: stage.tenant.id, paymentId },
      { tenantId: theirs, paymentId: uuidv7() },
      { tenantId: uuidv7(), paymentId },
    ]) {
      expect((await stage.passOn(altered(webhook, { metadata }))).status).toBe(204);
    }
    const rows = await stage.database.asSuperuser('select status from payment where id = $1', [paymentId]);
    expect([rows, await recorded(paymentId)]).toEqual([[{ status: 'pending' }], []]);
  });
});
