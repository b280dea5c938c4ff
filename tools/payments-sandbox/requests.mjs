import { SCRIPTS } from './scripts.mjs';

const AMOUNT_MAX = 1_000_000_000_000;

/** A refusal with its HTTP status and a stable code. `charge_…`/`refund_…` refusals are remembered under their key. */
export class Refusal extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** The body of the answer. */
  get body() {
    return { error: { code: this.code, message: this.message } };
  }
}

/** The checked body of `POST /v1/charges`; throws a 400 Refusal. */
export function chargeRequest(body) {
  const fields = onlyFields(body, ['amount', 'currency', 'paymentMethod', 'capture', 'reference', 'metadata']);
  const request = {
    amount: amountOf(fields.amount),
    currency: matching(fields.currency, 'currency', /^[A-Z]{3}$/, 'three capital letters'),
    paymentMethod: matching(fields.paymentMethod, 'paymentMethod', /^[a-z_]{1,64}$/, 'a payment method'),
    capture: booleanOf(fields.capture, 'capture', true),
    reference: referenceOf(fields.reference),
    metadata: metadataOf(fields.metadata),
  };
  const script = SCRIPTS.get(request.paymentMethod);
  if (!script) throw new Refusal(400, 'unknown_payment_method', `there is no payment method ${request.paymentMethod}`);
  if (script.pends && !request.capture) {
    throw new Refusal(400, 'capture_required', `${request.paymentMethod} cannot be authorised without capture`);
  }
  return request;
}

/** The checked body of `POST /v1/charges/{id}/capture`: `amount` is optional, at most what was authorised. */
export function captureRequest(body) {
  const { amount } = onlyFields(body, ['amount']);
  return { amount: amount === undefined ? undefined : amountOf(amount) };
}

/** The checked body of `POST /v1/charges/{id}/refunds`. */
export function refundRequest(body) {
  const fields = onlyFields(body, ['amount', 'reference', 'metadata']);
  return {
    amount: amountOf(fields.amount),
    reference: referenceOf(fields.reference),
    metadata: metadataOf(fields.metadata),
  };
}

/** `reference` of a body or a query string; throws a 400 Refusal. */
export function referenceOf(value) {
  return matching(value, 'reference', /^[\x21-\x7e]{1,200}$/, '1 to 200 visible ASCII characters');
}

function onlyFields(body, names) {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) throw invalid('the body must be a JSON object');
  const unknown = Object.keys(body).find((name) => !names.includes(name));
  if (unknown !== undefined) throw invalid(`unknown field ${unknown}`);
  return body;
}

function amountOf(value) {
  if (Number.isInteger(value) && value >= 1 && value <= AMOUNT_MAX) return value;
  throw invalid(`amount must be a whole number of minor units from 1 to ${AMOUNT_MAX}`);
}

function booleanOf(value, name, fallback) {
  if (value === undefined) return fallback;
  if (typeof value === 'boolean') return value;
  throw invalid(`${name} must be true or false`);
}

function matching(value, name, pattern, description) {
  if (typeof value === 'string' && pattern.test(value)) return value;
  throw invalid(`${name} must be ${description}`);
}

function metadataOf(value) {
  if (value === undefined) return {};
  const pairs =
    value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : undefined;
  const fits = ([name, text]) => name.length <= 40 && typeof text === 'string' && text.length <= 500;
  if (pairs === undefined || pairs.length > 20 || !pairs.every(fits)) {
    throw invalid('metadata must be an object of at most 20 strings');
  }
  return value;
}

function invalid(message) {
  return new Refusal(400, 'invalid_request', message);
}
