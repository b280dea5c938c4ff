import { Payment } from '../payments/payment.entity.js';
import { PaymentNotRefundable, RefundExceedsPayment } from '../payments/payment.errors.js';
import { Refund } from '../refunds/refund.entity.js';
import { MovementContradicted, MovementMismatch } from './movement.errors.js';
import { isOutOfPatience, pauseMs } from './patience.js';

const AT = new Date('2026-11-20T09:00:00Z');
const moved = { providerRef: 'ch_1', amountMinor: 10_000n, currency: 'GBP' };
const newPayment = () => Object.assign(new Payment(), { amountMinor: 10_000n, currency: 'GBP' });

describe('a movement', () => {
  it('begins pending, and is asked about only when the provider was asked', () => {
    expect(newPayment()).toMatchObject({ status: 'pending', isSettled: false, wasAsked: false, capturedMinor: 0n });
  });

  it('is confirmed once', () => {
    const payment = newPayment();
    expect([payment.confirm(moved, AT), payment.confirm(moved, new Date())]).toEqual([true, false]);
    expect(payment).toMatchObject({ status: 'captured', capturedMinor: 10_000n, providerRef: 'ch_1', settledAt: AT });
  });

  it('fails once', () => {
    const payment = newPayment();
    expect([payment.fail('card_declined', null, AT), payment.fail('other', 'ch_1', AT)]).toEqual([true, false]);
    expect(payment).toMatchObject({ status: 'failed', failureCode: 'card_declined', capturedMinor: 0n });
  });

  it('is unknown when nobody knows, pending when the provider is at it, and keeps what it knew', () => {
    const refund = Object.assign(new Refund(), { amountMinor: 5n, currency: 'GBP' });
    expect(refund.keepWaiting(null)).toBe(true);
    expect([refund.status, refund.asks, refund.wasAsked]).toEqual(['unknown', 1, true]);
    refund.keepWaiting('re_1');
    expect([refund.status, refund.providerRef]).toEqual(['pending', 're_1']);
    refund.keepWaiting(null);
    expect([refund.status, refund.providerRef, refund.asks]).toEqual(['unknown', 're_1', 3]);
    expect(refund.confirm({ providerRef: 're_1', amountMinor: 5n, currency: 'GBP' }, AT)).toBe(true);
    expect([refund.status, refund.keepWaiting(null)]).toEqual(['succeeded', false]);
  });

  it.each([
    ['another amount', { ...moved, amountMinor: 9_999n }],
    ['another currency', { ...moved, currency: 'EUR' }],
  ])('refuses %s', (_, wrong) => {
    const payment = newPayment();
    expect(() => payment.confirm(wrong, AT)).toThrow(MovementMismatch);
    expect(payment.status).toBe('pending');
  });

  it('stands by the first word of the provider', () => {
    const captured = newPayment();
    captured.confirm(moved, AT);
    expect(() => captured.fail('card_declined', 'ch_1', AT)).toThrow(MovementContradicted);
    expect(() => captured.confirm({ ...moved, providerRef: 'ch_2' }, AT)).toThrow(MovementContradicted);
    const failed = newPayment();
    failed.fail('card_declined', 'ch_1', AT);
    expect(() => failed.confirm(moved, AT)).toThrow(MovementContradicted);
  });
});

describe('refunds of a payment', () => {
  it('are promised out of what was captured and not promised yet', () => {
    const payment = newPayment();
    expect(() => payment.promiseRefund(1n)).toThrow(PaymentNotRefundable);
    payment.confirm(moved, AT);
    payment.promiseRefund(6_000n);
    expect(() => payment.promiseRefund(4_001n)).toThrow(RefundExceedsPayment);
    payment.recordRefunded(6_000n);
    payment.promiseRefund(4_000n);
    expect(payment.refundableMinor).toBe(0n);
    payment.releaseRefund(4_000n);
    expect([payment.refundingMinor, payment.refundedMinor, payment.refundableMinor]).toEqual([0n, 6_000n, 4_000n]);
  });
});

describe('patience', () => {
  it('waits 1, 2, 4 … seconds, at most five minutes, for more than a day', () => {
    expect([1, 2, 3, 8, 9, 10, 400].map(pauseMs)).toEqual([1_000, 2_000, 4_000, 128_000, 256_000, 300_000, 300_000]);
    const asks = Array.from({ length: 500 }, (_, index) => index + 1).filter((ask) => !isOutOfPatience(ask));
    expect(asks.reduce((total, ask) => total + pauseMs(ask), 0)).toBeGreaterThan(86_400_000);
  });
});
