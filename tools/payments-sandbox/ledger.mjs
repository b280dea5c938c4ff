/**
 * What the provider knows, rebuilt from the journal. One operation is one journal entry with everything it changed
 * (charge or refund, the idempotent answer, the webhooks owed), so no crash can keep one part and lose another.
 */
export class Ledger {
  #journal;
  #onCommit = () => {};
  #charges = new Map();
  #refunds = new Map();
  #answers = new Map();
  #events = new Map();
  #settledDeliveries = new Map();
  #failedKeys = new Set();

  constructor(journal) {
    this.#journal = journal;
    for (const entry of journal.entries) this.#apply(entry);
  }

  /** Called after every new entry is safe. */
  onCommit(listener) {
    this.#onCommit = listener;
  }

  /** Writes the entry, then changes the state; returns the entry with its `seq` and `at`. */
  commit(operation, changes) {
    const seq = this.#journal.entries.length + 1;
    const entry = { seq, at: new Date().toISOString(), operation, ...changes };
    this.#journal.append(entry);
    this.#apply(entry);
    this.#onCommit(entry);
    return entry;
  }

  charge(id) {
    return this.#charges.get(id);
  }

  refund(id) {
    return this.#refunds.get(id);
  }

  chargesOf(reference) {
    return [...this.#charges.values()].filter((charge) => charge.reference === reference);
  }

  refundsOf(reference) {
    return [...this.#refunds.values()].filter((refund) => refund.reference === reference);
  }

  pendingCharges() {
    return [...this.#charges.values()].filter((charge) => charge.status === 'pending');
  }

  /** The answer stored for an idempotency key: `{ key, fingerprint, status, body }`. */
  answer(key) {
    return this.#answers.get(key);
  }

  /** True once `pm_error_once` has failed for this key. */
  hasFailedOnce(key) {
    return this.#failedKeys.has(key);
  }

  /** Webhook copies that nobody has taken yet: `{ event, copy, attempts }`. */
  owedDeliveries() {
    return [...this.#events.values()].flatMap((event) =>
      Array.from({ length: event.copies }, (_, copy) => ({ event, copy, ...this.#delivery(event.id, copy) })).filter(
        (delivery) => !delivery.settled,
      ),
    );
  }

  /** The log: entries after `seq`, oldest first. */
  entriesAfter(seq, limit) {
    return this.#journal.entries.slice(seq, seq + limit);
  }

  /** The newest entries, newest first. */
  newest(limit) {
    return this.#journal.entries.slice(-limit).reverse();
  }

  #delivery(eventId, copy) {
    return this.#settledDeliveries.get(`${eventId}#${copy}`) ?? { attempts: 0, settled: false };
  }

  #apply(entry) {
    if (entry.charge) this.#charges.set(entry.charge.id, entry.charge);
    if (entry.refund) this.#refunds.set(entry.refund.id, entry.refund);
    if (entry.answer) this.#answers.set(entry.answer.key, entry.answer);
    if (entry.failedKey) this.#failedKeys.add(entry.failedKey);
    for (const event of entry.events ?? []) this.#events.set(event.id, event);
    if (entry.delivery) {
      const { eventId, copy, attempt, settled } = entry.delivery;
      this.#settledDeliveries.set(`${eventId}#${copy}`, { attempts: attempt, settled });
    }
  }
}
