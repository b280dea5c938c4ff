import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { LockOrderForBilling, SalesOrderQueries } from '#erp/sales';
import { ConcurrentModification, UnitOfWork } from '#libs/database';
import { Money, uuidv7 } from '#libs/kernel';
import { RequestRefund } from '../refunds/request-refund.js';
import { PaymentsStage } from '../testing/index.js';
import { ConfirmPayment } from './confirm-payment.js';
import type { Payment } from './payment.entity.js';
import { PaymentsRepository } from './payments.repository.js';
import { RequestPayment } from './request-payment.js';

// Each guard is taken away once, and the wrong thing happens: it is the guard that protects.

let stage: PaymentsStage;

beforeAll(async () => {
  stage = await PaymentsStage.open();
});
afterAll(() => stage.close());
beforeEach(() => stage.newTenant());
afterEach(() => jest.restoreAllMocks());

const sql = (statement: string) => stage.run(() => stage.get(UnitOfWork).execute(statement));
const amount = Money.parse('60.00', 'GBP');
const refund = (paymentId: string) => stage.as(() => stage.get(RequestRefund).execute({ paymentId, amount }));

/** Two who come here go on together; one who waits in vain for the other goes on alone. */
function rendezvous(): () => Promise<void> {
  const both = Promise.withResolvers<void>();
  let waiting = 0;
  return async () => {
    if (++waiting === 2) both.resolve();
    await Promise.race([both.promise, sleep(5_000, undefined, { ref: false })]);
  };
}

/** Payments are read without their lock, by two at the same moment. */
function withoutRowLock(): void {
  const meet = rendezvous();
  jest.spyOn(PaymentsRepository.prototype, 'getForUpdate').mockImplementation(async function (
    this: PaymentsRepository,
    id,
  ) {
    const payment = await this.get(id);
    await meet();
    return payment;
  });
}

/** What is written is written, whatever version it was read at. */
function withoutVersionCheck(): void {
  jest.spyOn(PaymentsRepository.prototype, 'update').mockImplementation(async (given) => {
    const { id, status, providerRef, settledAt, capturedMinor, refundingMinor } = given as Payment;
    await stage.get(UnitOfWork).execute(
      `update payment set status = $2, provider_ref = $3, settled_at = coalesce(settled_at, $4), captured_minor = $5,
         refunding_minor = $6 where id = $1`,
      [id, status, providerRef, settledAt, capturedMinor, refundingMinor],
    );
  });
}

/** Two may write one event of an effect. */
async function withoutEffectKeys(): Promise<void> {
  await stage.database.asOwner('drop index platform.outbox_event_effect_key_unique');
}

const outcomes = (ends: readonly PromiseSettledResult<unknown>[]) => ends.map(({ status }) => status).toSorted();

describe('the database', () => {
  const over = 'update payment set refunding_minor = 6000, refunded_minor = 4001';

  it('refuses refunds beyond what was captured, until the constraint is gone', async () => {
    await stage.captured();
    await expect(sql(over)).rejects.toMatchObject({ code: '23514', constraint: 'payment_refunds_check' });
    await stage.database.asOwner('alter table payment drop constraint payment_refunds_check');
    expect(await sql(over)).toBe(1);
    expect((await stage.faults())[0]).toMatch(/^payments\.payment\.refunds: /);
    await stage.database.asSuperuser('update payment set refunding_minor = 0, refunded_minor = 0');
    await stage.database.asOwner(
      'alter table payment add constraint payment_refunds_check check (refunding_minor + refunded_minor <= captured_minor)',
    );
  });

  it('keeps what has ended ended, until the trigger is gone', async () => {
    await stage.captured();
    const reopen = `update payment set status = 'pending', settled_at = null, captured_minor = 0`;
    await expect(sql(reopen)).rejects.toMatchObject({ code: '23514', constraint: 'payment_stays_settled' });
    await stage.database.asOwner('alter table payment disable trigger payment_stays_settled');
    expect(await sql(reopen)).toBe(1);
    await stage.database.asOwner('alter table payment enable trigger payment_stays_settled');
  });

  it.each([
    'update payment set amount_minor = 1',
    'update payment set order_id = id',
    'update refund set amount_minor = 1',
    'update payment_provider_event set type = type',
    'delete from payment',
    'delete from refund',
    'delete from payment_provider_event',
  ])('lets the application not %s', async (statement) => {
    await expect(sql(statement)).rejects.toMatchObject({ code: '42501' });
  });

  it('takes a webhook event once, until the constraint is gone', async () => {
    const paymentId = await stage.captured();
    const [webhook] = await stage.webhooksOf(paymentId);
    const rows = () =>
      stage.database.asSuperuser('select from payment_provider_event where payment_id = $1', [paymentId]);
    await stage.passOn(webhook!);
    await stage.passOn(webhook!);
    expect(await rows()).toHaveLength(1);
    await stage.database.asOwner('alter table payment_provider_event drop constraint payment_provider_event_unique');
    await stage.passOn(webhook!);
    expect(await rows()).toHaveLength(2);
    // Even so the payment's own state has let nothing happen twice.
    expect(await stage.told(paymentId)).toMatchObject({ 'payments.payment.captured': 1 });
  });
});

describe('the lock of the order', () => {
  it('is what keeps two payments at once within its total', async () => {
    const orderId = await stage.order('100.00');
    const meet = rendezvous();
    jest
      .spyOn(LockOrderForBilling.prototype, 'execute')
      .mockImplementation((id) => stage.get(SalesOrderQueries).get(id));
    const { claimedMinor } = PaymentsRepository.prototype;
    jest.spyOn(PaymentsRepository.prototype, 'claimedMinor').mockImplementation(async function (
      this: PaymentsRepository,
      id,
    ) {
      const claimed = await claimedMinor.call(this, id);
      await meet();
      return claimed;
    });
    const pay = () => stage.as(() => stage.get(RequestPayment).execute({ orderId, method: 'pm_ok', amount }));
    expect(outcomes(await Promise.allSettled([pay(), pay()]))).toEqual(['fulfilled', 'fulfilled']);
    expect(await stage.faults()).toEqual([
      expect.stringContaining('comes to 10000 minor units and has payments of 12000'),
    ]);
  });
});

describe('the lock of the payment', () => {
  it('is backed by its version: without the lock the second refund is refused for having read too early', async () => {
    const paymentId = await stage.captured();
    withoutRowLock();
    const ends = await Promise.allSettled([refund(paymentId), refund(paymentId)]);
    expect(outcomes(ends)).toEqual(['fulfilled', 'rejected']);
    expect(ends.find((end) => end.status === 'rejected')?.reason).toBeInstanceOf(ConcurrentModification);
    expect(await stage.faults()).toEqual([]);
  });

  it('and its version together keep two refunds at once within the payment', async () => {
    const paymentId = await stage.captured();
    withoutRowLock();
    withoutVersionCheck();
    const ends = await Promise.allSettled([refund(paymentId), refund(paymentId)]);
    expect(outcomes(ends)).toEqual(['fulfilled', 'fulfilled']);
    expect((await stage.faults())[0]).toMatch(/^payments\.payment\.refunds: .* its refunds say 12000 and 0 of 10000/);
  });

  it('and its version, and the key of the effect, each tell the books once of a payment that two confirm', async () => {
    const moved = { providerRef: `ch_${uuidv7()}`, amountMinor: 10_000n, currency: 'GBP' };
    const confirmTwice = async (prepare: () => void = () => undefined) => {
      await stage.newTenant();
      const paymentId = await stage.pay(await stage.order('100.00'), 'pm_ok');
      prepare();
      const confirm = () => stage.as(() => stage.get(ConfirmPayment).execute(paymentId, moved));
      const ends = await Promise.allSettled([confirm(), confirm()]);
      return [outcomes(ends), (await stage.told(paymentId))['payments.payment.captured']];
    };
    const withoutLockAndVersion = () => {
      withoutRowLock();
      withoutVersionCheck();
    };
    expect(await confirmTwice()).toEqual([['fulfilled', 'fulfilled'], 1]);
    expect(await confirmTwice(withoutRowLock)).toEqual([['fulfilled', 'rejected'], 1]);
    jest.restoreAllMocks();
    expect(await confirmTwice(withoutLockAndVersion)).toEqual([['fulfilled', 'rejected'], 1]);
    jest.restoreAllMocks();
    await withoutEffectKeys();
    expect(await confirmTwice(withoutLockAndVersion)).toEqual([['fulfilled', 'fulfilled'], 2]);
  });
});
