import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Refusal } from './requests.mjs';
import { SCRIPTS } from './scripts.mjs';

/**
 * The provider's verbs. Each commits one ledger entry that carries its own idempotent answer, and returns
 * `{ status, body, hangs }`; `hangs` tells the HTTP layer to keep the committed answer to itself.
 */
export class Provider {
  #ledger;
  #settings;
  #timers = new Set();

  constructor(ledger, settings) {
    this.#ledger = ledger;
    this.#settings = settings;
    for (const charge of ledger.pendingCharges()) this.#settleLater(charge);
  }

  /** `request` is a checked charge request; `idempotency` is `{ key, fingerprint }`. */
  async createCharge(request, idempotency) {
    const script = SCRIPTS.get(request.paymentMethod);
    if (script.failsOnce && !this.#ledger.hasFailedOnce(idempotency.key)) {
      this.#ledger.commit('charge.error', { failedKey: idempotency.key, reference: request.reference });
      throw new Refusal(500, 'internal_error', 'scripted failure; nothing was done');
    }
    if (script.slow) await sleep(this.#settings.slowMs);
    const charge = newCharge(request, script);
    const answer = { ...idempotency, status: 201, body: charge };
    this.#ledger.commit('charge.created', { charge, answer, events: this.#chargeEvents(charge) });
    if (script.pends) this.#settleLater(charge);
    return { ...answer, hangs: script.hangsCharge === true };
  }

  /** Takes the authorised money, all of it or a smaller `amount`, once. */
  capture(charge, { amount = charge.amount }, idempotency) {
    if (charge.status !== 'authorized') throw unprocessable('charge_not_authorized', `the charge is ${charge.status}`);
    if (amount > charge.amount) throw unprocessable('capture_exceeds_authorized', `${charge.amount} was authorised`);
    const captured = { ...charge, status: 'succeeded', amountCaptured: amount };
    const answer = { ...idempotency, status: 200, body: captured };
    this.#ledger.commit('charge.captured', { charge: captured, answer, events: this.#chargeEvents(captured) });
    return { ...answer, hangs: false };
  }

  /** Gives money back; all refunds of a charge together never exceed what was captured. */
  refund(charge, { amount, reference, metadata }, idempotency) {
    if (charge.status !== 'succeeded') throw unprocessable('charge_not_captured', `the charge is ${charge.status}`);
    const left = charge.amountCaptured - charge.amountRefunded;
    if (amount > left)
      throw unprocessable('refund_exceeds_captured', `${left} of ${charge.amountCaptured} is left to refund`);
    const refund = {
      id: newId('re'),
      object: 'refund',
      charge: charge.id,
      amount,
      currency: charge.currency,
      status: 'succeeded',
      reference,
      metadata,
      createdAt: new Date().toISOString(),
    };
    const script = SCRIPTS.get(charge.paymentMethod);
    const refunded = { ...charge, amountRefunded: charge.amountRefunded + amount };
    const answer = { ...idempotency, status: 201, body: refund };
    const events = [this.#event('refund.succeeded', refund, script, 0)];
    this.#ledger.commit('refund.created', { refund, charge: refunded, answer, events });
    return { ...answer, hangs: script.hangsRefund === true };
  }

  /** Remembers a refusal of a verb, so that the same key gets the same answer. */
  remember(refusal, operation, idempotency, subject) {
    const answer = { ...idempotency, status: refusal.status, body: refusal.body };
    this.#ledger.commit(operation, { ...subject, answer });
  }

  /** Stops the clocks of pending charges; the next start resumes them. */
  close() {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #settleLater(pending) {
    const dueInMs = Date.parse(pending.createdAt) + this.#settings.pendingMs - Date.now();
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        const charge = { ...this.#ledger.charge(pending.id), status: 'succeeded', amountCaptured: pending.amount };
        this.#ledger.commit('charge.settled', { charge, events: this.#chargeEvents(charge) });
      },
      Math.max(0, dueInMs),
    );
    this.#timers.add(timer);
  }

  #chargeEvents(charge) {
    if (charge.status !== 'succeeded' && charge.status !== 'failed') return [];
    const script = SCRIPTS.get(charge.paymentMethod);
    return [this.#event(`charge.${charge.status}`, charge, script, script.webhookLate ? this.#settings.lateMs : 0)];
  }

  #event(type, object, script, delayMs) {
    const now = Date.now();
    return {
      id: newId('evt'),
      type,
      createdAt: new Date(now).toISOString(),
      notBefore: new Date(now + delayMs).toISOString(),
      copies: script.webhookCopies ?? 1,
      data: { object },
    };
  }
}

function newCharge(request, script) {
  const status = script.declines ? 'failed' : script.pends ? 'pending' : request.capture ? 'succeeded' : 'authorized';
  return {
    id: newId('ch'),
    object: 'charge',
    amount: request.amount,
    amountCaptured: status === 'succeeded' ? request.amount : 0,
    amountRefunded: 0,
    currency: request.currency,
    status,
    failureCode: script.declines ? 'card_declined' : null,
    paymentMethod: request.paymentMethod,
    reference: request.reference,
    metadata: request.metadata,
    createdAt: new Date().toISOString(),
  };
}

function newId(prefix) {
  return `${prefix}_${randomBytes(12).toString('hex')}`;
}

/** Final for this key; 409 is kept for "in flight, ask again". */
function unprocessable(code, message) {
  return new Refusal(422, code, message);
}
