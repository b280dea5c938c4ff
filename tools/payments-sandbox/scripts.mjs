/**
 * What each test payment method makes the provider do. Every field is off unless named.
 *
 * - `declines`: the charge fails with `card_declined`.
 * - `hangsCharge` / `hangsRefund`: commits, then never answers that request; the same key again gets the stored answer.
 * - `failsOnce`: 500 before anything is done, once per idempotency key.
 * - `pends`: answers `pending`; succeeds later and says so by webhook.
 * - `slow`: thinks before it commits, so that a second request with the same key meets one in flight (409).
 * - `webhookCopies`: how many times each webhook is sent (at the same moment).
 * - `webhookLate`: the charge's webhook comes late, possibly after that of its refund.
 */
export const SCRIPTS = new Map(
  Object.entries({
    pm_ok: {},
    pm_declined: { declines: true },
    pm_timeout: { hangsCharge: true },
    pm_error_once: { failsOnce: true },
    pm_webhook_twice: { webhookCopies: 2 },
    pm_webhook_late: { webhookLate: true },
    pm_pending: { pends: true },
    pm_refund_timeout: { hangsRefund: true },
    pm_slow: { slow: true },
  }),
);
