import { createHmac, timingSafeEqual } from 'node:crypto';
import { WebhookExpired, WebhookSignatureInvalid } from '../provider.errors.js';

/** A signature holds this long, seconds, to either side: clocks differ, and the provider signs anew each time it sends. */
export const SIGNATURE_TOLERANCE_S = 300;

const HEADER = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/;

/**
 * Checks `t=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<raw body>">`. The signature is compared in constant time, and
 * before the time, so that the answer tells a stranger nothing.
 * @throws WebhookSignatureInvalid, WebhookExpired
 */
export function verifySignature(header: unknown, rawBody: Uint8Array, secret: string, now: Date): void {
  const [, time = '', mac = ''] = HEADER.exec(typeof header === 'string' ? header : '') ?? [];
  const expected = createHmac('sha256', secret).update(`${time}.`).update(rawBody).digest();
  const given = Buffer.from(mac, 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new WebhookSignatureInvalid();
  const ageS = Math.abs(now.getTime() / 1_000 - Number(time));
  if (ageS > SIGNATURE_TOLERANCE_S) throw new WebhookExpired(SIGNATURE_TOLERANCE_S);
}
