import { createHmac } from 'node:crypto';
import { WebhookExpired, WebhookSignatureInvalid } from '../provider.errors.js';
import { verifySignature } from './sandbox-signature.js';

const SECRET = 'secret';
const BODY = Buffer.from('{"amount":"12,34 €"}');
const NOW = new Date('2026-11-20T09:00:00Z');
const T = NOW.getTime() / 1_000;

const sign = (time: number, body: Uint8Array = BODY, secret = SECRET) =>
  `t=${time},v1=${createHmac('sha256', secret).update(`${time}.`).update(body).digest('hex')}`;
const verify = (header: unknown) => verifySignature(header, BODY, SECRET, NOW);

it.each([0, -300, 300])('takes what was signed %i seconds from now', (seconds) => {
  expect(() => verify(sign(T + seconds))).not.toThrow();
});

it.each([-301, 301])('refuses what was signed %i seconds from now', (seconds) => {
  expect(() => verify(sign(T + seconds))).toThrow(WebhookExpired);
});

it.each([
  ['no header', undefined],
  ['several headers', [sign(T), sign(T)]],
  ['another body', sign(T, Buffer.from('{}'))],
  ['another secret', sign(T, BODY, 'guessed')],
  ['another time than was signed', sign(T).replace(`t=${T}`, `t=${T + 1}`)],
  ['an old time that was not signed either', sign(T).replace(`t=${T}`, 't=1')],
  ['half a signature', sign(T).slice(0, -2)],
  ['more than a signature', `${sign(T)},v0=00`],
])('refuses %s', (_, header) => {
  expect(() => verify(header)).toThrow(WebhookSignatureInvalid);
});
