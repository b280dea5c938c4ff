import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { UnitOfWork } from '#libs/database';
import { uuidv7 } from '#libs/kernel';
import { PaymentsRepository } from '../payments/payments.repository.js';
import { PaymentsStage } from '../testing/index.js';
import { ConfirmRefund } from './confirm-refund.js';
import { LockedRefunds } from './locked-refunds.js';
import { RefundsRepository } from './refunds.repository.js';

let stage: PaymentsStage;

beforeAll(async () => {
  stage = await PaymentsStage.open();
});
afterAll(() => stage.close());
beforeEach(() => stage.newTenant());
afterEach(() => jest.restoreAllMocks());

/** Both confirmers read the refund before either writes it, and what is written is written, whatever its version. */
function withoutLockAndVersion(): void {
  const both = Promise.withResolvers<void>();
  let waiting = 0;
  jest.spyOn(LockedRefunds.prototype, 'get').mockImplementation(async (id) => {
    const refund = await stage.get(RefundsRepository).get(id);
    const payment = await stage.get(PaymentsRepository).get(refund.paymentId);
    if (++waiting === 2) both.resolve();
    await Promise.race([both.promise, sleep(5_000, undefined, { ref: false })]);
    return { refund, payment };
  });
  jest.spyOn(LockedRefunds.prototype, 'save').mockImplementation(async ({ id, status, providerRef, settledAt }) => {
    await stage
      .get(UnitOfWork)
      .execute(
        'update refund set status = $2, provider_ref = $3, settled_at = coalesce(settled_at, $4) where id = $1',
        [id, status, providerRef, settledAt],
      );
  });
}

/** How two who confirm one refund at once end, and how often the books are told. */
async function confirmTwice(prepare: () => void = () => undefined): Promise<[string[], number | undefined]> {
  const paymentId = await stage.captured();
  const refundId = (await stage.refund(paymentId, '60.00')).body.id;
  const moved = { providerRef: `re_${uuidv7()}`, amountMinor: 6_000n, currency: 'GBP' };
  prepare();
  const confirm = () => stage.as(() => stage.get(ConfirmRefund).execute(refundId, moved));
  const ends = await Promise.allSettled([confirm(), confirm()]);
  const outcomes = ends.map(({ status }) => status).toSorted();
  return [outcomes, (await stage.told(refundId))['payments.refund.succeeded']];
}

describe('what tells the books once of a refund that two confirm', () => {
  it('is its row’s lock', async () => {
    expect(await confirmTwice()).toEqual([['fulfilled', 'fulfilled'], 1]);
  });

  it('is, without lock and version, the key of the effect; without that too they are told twice', async () => {
    expect(await confirmTwice(withoutLockAndVersion)).toEqual([['fulfilled', 'rejected'], 1]);
    jest.restoreAllMocks();
    await stage.newTenant();
    await stage.database.asOwner('drop index platform.outbox_event_effect_key_unique');
    expect(await confirmTwice(withoutLockAndVersion)).toEqual([['fulfilled', 'fulfilled'], 2]);
  });
});
