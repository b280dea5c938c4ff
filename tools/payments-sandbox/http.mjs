import { createHash, timingSafeEqual } from 'node:crypto';
import { operationsPage } from './page.mjs';
import { Refusal, captureRequest, chargeRequest, referenceOf, refundRequest } from './requests.mjs';

const BODY_MAX_BYTES = 64 * 1024;
const LOG_PAGE_MAX = 10_000;

/** The request listener of the sandbox: routes, bearer key, idempotency keys, error answers. */
export class Api {
  #ledger;
  #provider;
  #apiKeyDigest;
  #inFlight = new Map();

  constructor(ledger, provider, settings) {
    this.#ledger = ledger;
    this.#provider = provider;
    this.#apiKeyDigest = digest(settings.apiKey);
  }

  /** Answers one request; never throws. */
  async handle(request, response) {
    try {
      const answer = await this.#route(request, new URL(request.url, 'http://sandbox'));
      if (!answer.hangs) send(response, answer);
    } catch (error) {
      if (!(error instanceof Refusal)) process.stderr.write(`${error?.stack ?? error}\n`);
      const refusal = error instanceof Refusal ? error : new Refusal(500, 'internal_error', 'unexpected fault');
      send(response, { status: refusal.status, body: refusal.body });
    }
  }

  async #route(request, url) {
    if (request.method === 'GET' && url.pathname === '/healthz') return { status: 200, body: { status: 'ok' } };
    if (request.method === 'GET' && url.pathname === '/') return { status: 200, html: operationsPage(this.#ledger) };
    const [root, collection, id, verb, ...rest] = url.pathname.slice(1).split('/');
    if (root !== 'v1' || rest.length > 0) throw notFound();
    this.#authenticate(request);
    if (request.method === 'GET' && verb === undefined) return this.#read(collection, id, url.searchParams);
    if (request.method === 'POST' && collection === 'charges') return this.#write(request, url, id, verb);
    throw notFound();
  }

  #authenticate(request) {
    const [, key = ''] = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
    if (timingSafeEqual(digest(key), this.#apiKeyDigest)) return;
    throw new Refusal(401, 'unauthenticated', 'send the API key as a bearer token');
  }

  #read(collection, id, query) {
    if (collection === 'log' && id === undefined) return { status: 200, body: this.#log(query) };
    if (collection !== 'charges' && collection !== 'refunds') throw notFound();
    if (id === undefined) {
      const reference = referenceOf(query.get('reference'));
      const items = collection === 'charges' ? this.#ledger.chargesOf(reference) : this.#ledger.refundsOf(reference);
      return { status: 200, body: { items } };
    }
    const found = collection === 'charges' ? this.#ledger.charge(id) : this.#ledger.refund(id);
    if (!found) throw notFound();
    return { status: 200, body: found };
  }

  #log(query) {
    const after = wholeNumberOf(query, 'after', 0, Number.MAX_SAFE_INTEGER);
    const items = this.#ledger.entriesAfter(after, wholeNumberOf(query, 'limit', 1_000, LOG_PAGE_MAX));
    return { items: items.map(logItem), nextAfter: items.at(-1)?.seq ?? after };
  }

  async #write(request, url, id, verb) {
    const key = request.headers['idempotency-key'] ?? '';
    if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
      throw new Refusal(400, 'idempotency_key_missing', 'Idempotency-Key must be 1 to 255 visible ASCII characters');
    }
    const body = await readJson(request);
    const fingerprint = digest(canonical([url.pathname, body])).toString('hex');
    const known = this.#ledger.answer(key) ?? this.#inFlight.get(key);
    if (known && known.fingerprint !== fingerprint) {
      throw new Refusal(422, 'idempotency_key_reused', 'this Idempotency-Key was used for another request');
    }
    if (known?.status !== undefined) return this.#replay(known);
    if (known) throw new Refusal(409, 'idempotency_key_in_use', 'a request with this Idempotency-Key is in flight');
    const idempotency = { key, fingerprint };
    this.#inFlight.set(key, idempotency);
    try {
      return await this.#perform(id, verb, body, idempotency);
    } finally {
      this.#inFlight.delete(key);
    }
  }

  #replay({ key, status, body }) {
    this.#ledger.commit('request.replayed', { key, id: body.id, reference: body.reference });
    return { status, body, headers: { 'idempotent-replayed': 'true' } };
  }

  #perform(id, verb, body, idempotency) {
    if (id === undefined) return this.#provider.createCharge(chargeRequest(body), idempotency);
    if (verb !== 'capture' && verb !== 'refunds') throw notFound();
    const charge = this.#ledger.charge(id);
    if (!charge) throw notFound();
    const work = verb === 'capture' ? captureRequest(body) : refundRequest(body);
    try {
      return this.#provider[verb === 'capture' ? 'capture' : 'refund'](charge, work, idempotency);
    } catch (error) {
      if (error instanceof Refusal) this.#provider.remember(error, `${verb}.refused`, idempotency, { ...work, id });
      throw error;
    }
  }
}

/** A journal entry as the log shows it: flat, without the stored answer's copy of the object. */
function logItem({ answer, failedKey, events, ...entry }) {
  const idempotencyKey = answer?.key ?? failedKey ?? entry.key;
  return {
    ...entry,
    ...(idempotencyKey && { idempotencyKey }),
    ...(events && { events: events.map(({ id, type }) => ({ id, type })) }),
  };
}

function send(response, { status, body, html, headers = {} }) {
  if (response.destroyed) return;
  const type = html === undefined ? 'application/json' : 'text/html; charset=utf-8';
  response.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(html ?? JSON.stringify(body));
}

async function readJson(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > BODY_MAX_BYTES) throw new Refusal(413, 'body_too_large', `a body has at most ${BODY_MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    throw new Refusal(400, 'invalid_json', 'the body is not JSON');
  }
}

/** JSON with sorted names: the same request in another order of fields is the same request. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const pairs = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
  return `{${pairs.join(',')}}`;
}

function wholeNumberOf(query, name, fallback, max) {
  const text = query.get(name);
  if (text === null) return fallback;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= max) return value;
  throw new Refusal(400, 'invalid_request', `${name} must be a whole number up to ${max}`);
}

function digest(text) {
  return createHash('sha256').update(text).digest();
}

function notFound() {
  return new Refusal(404, 'not_found', 'there is nothing here');
}
