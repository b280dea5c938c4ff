import { createHmac } from 'node:crypto';

const ATTEMPTS_MAX = 50;
const PAUSE_MAX_MS = 60_000;

/** `Quoin-Signature` of a webhook body sent at `unixSeconds`: HMAC-SHA256 of `t.body`, hex. */
export function signatureOf(secret, unixSeconds, body) {
  const mac = createHmac('sha256', secret).update(`${unixSeconds}.${body}`).digest('hex');
  return `t=${unixSeconds},v1=${mac}`;
}

/**
 * Sends every webhook at least once: anything but a 2xx is tried again after a growing pause (up to a minute, with
 * jitter, 50 attempts), also after a restart. Redirects are not followed.
 */
export class WebhookSender {
  #ledger;
  #settings;
  #timers = new Set();
  #abort = new AbortController();
  #sending = new Set();

  constructor(ledger, settings) {
    this.#ledger = ledger;
    this.#settings = settings;
  }

  /** Takes up what earlier runs still owe, and from now on every new event. */
  start() {
    if (this.#settings.webhookUrl === '') return;
    for (const { event, copy, attempts } of this.#ledger.owedDeliveries()) this.#schedule(event, copy, attempts + 1);
    this.#ledger.onCommit(({ events = [] }) => {
      for (const event of events) {
        for (let copy = 0; copy < event.copies; copy += 1) this.#schedule(event, copy, 1);
      }
    });
  }

  /** Stops sending; what is unfinished stays owed. */
  async close() {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#abort.abort();
    await Promise.allSettled(this.#sending);
  }

  #schedule(event, copy, attempt, pauseMs = 0) {
    const dueInMs = Math.max(pauseMs, Date.parse(event.notBefore) - Date.now(), 0);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      const sending = this.#attempt(event, copy, attempt).finally(() => this.#sending.delete(sending));
      this.#sending.add(sending);
    }, dueInMs);
    this.#timers.add(timer);
  }

  async #attempt(event, copy, attempt) {
    const outcome = await this.#send(event);
    if (this.#abort.signal.aborted) return;
    const delivered = outcome.status >= 200 && outcome.status < 300;
    const settled = delivered || attempt >= ATTEMPTS_MAX;
    const operation = delivered ? 'webhook.delivered' : settled ? 'webhook.abandoned' : 'webhook.failed';
    this.#ledger.commit(operation, {
      delivery: { eventId: event.id, type: event.type, copy, attempt, settled, ...outcome },
    });
    if (settled) return;
    const pauseMs = Math.min(PAUSE_MAX_MS, this.#settings.retryBaseMs * 2 ** (attempt - 1));
    this.#schedule(event, copy, attempt + 1, pauseMs * (0.75 + Math.random() / 2));
  }

  async #send({ id, type, createdAt, data }) {
    const body = JSON.stringify({ id, type, createdAt, data });
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'quoin-payments-sandbox',
      'quoin-signature': signatureOf(this.#settings.webhookSecret, Math.floor(Date.now() / 1000), body),
    };
    const signal = AbortSignal.any([this.#abort.signal, AbortSignal.timeout(this.#settings.webhookTimeoutMs)]);
    try {
      const response = await fetch(this.#settings.webhookUrl, {
        method: 'POST',
        headers,
        body,
        signal,
        redirect: 'manual',
      });
      await response.body?.cancel();
      return { status: response.status };
    } catch (error) {
      return { status: 0, error: String(error.cause?.code ?? error.name) };
    }
  }
}
