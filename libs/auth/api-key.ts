import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** A key as it is handed out, once. */
export interface NewApiKey {
  readonly key: string;
  /** What is stored and looked up: SHA-256, hexadecimal. Random bits need no slow hash. */
  readonly hash: string;
}

/** What can be told from a key without asking anybody. That there is such a key is for the ApiKeyVerifier to say. */
export interface ApiKeyClaims {
  readonly tenantId: string;
  readonly hash: string;
}

const PREFIX = 'qk_';
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE = BigInt(DIGITS.length);
const TENANT_LENGTH = 22;
const SECRET_BYTES = 32;
const SECRET_LENGTH = 43;
const CHECK_LENGTH = 6;
const SHAPE = new RegExp(`^${PREFIX}[0-9A-Za-z]{${TENANT_LENGTH + SECRET_LENGTH + CHECK_LENGTH}}$`);
const UUID_BITS = 128n;

/**
 * A new key of the tenant: `qk_`, the tenant's id, 256 random bits and a checksum of all that, in letters and digits. One
 * can see that it is a key, search for it where it should not be, and refuse a mistyped one without asking anybody.
 */
export function newApiKey(tenantId: string): NewApiKey {
  const tenant = encoded(BigInt(`0x${tenantId.replaceAll('-', '')}`), TENANT_LENGTH);
  const secret = encoded(BigInt(`0x${randomBytes(SECRET_BYTES).toString('hex')}`), SECRET_LENGTH);
  const body = `${PREFIX}${tenant}${secret}`;
  const key = body + checksumOf(body);
  return { key, hash: hashOf(key) };
}

/** Whether a bearer token means to be an API key. */
export function isApiKey(token: string): boolean {
  return token.startsWith(PREFIX);
}

/** Reads a key; undefined for one that was never made: mistyped, cut, invented. */
export function readApiKey(key: string): ApiKeyClaims | undefined {
  if (!SHAPE.test(key)) return undefined;
  const body = key.slice(0, -CHECK_LENGTH);
  const tenant = decoded(body.slice(PREFIX.length, PREFIX.length + TENANT_LENGTH));
  if (checksumOf(body) !== key.slice(-CHECK_LENGTH) || tenant >> UUID_BITS !== 0n) return undefined;
  const hex = tenant.toString(16).padStart(32, '0');
  return { tenantId: hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'), hash: hashOf(key) };
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

function checksumOf(body: string): string {
  return encoded(BigInt(crc32(body)), CHECK_LENGTH);
}

function encoded(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; rest > 0n; rest /= BASE) text = DIGITS.charAt(Number(rest % BASE)) + text;
  return text.padStart(length, DIGITS.charAt(0));
}

function decoded(text: string): bigint {
  let value = 0n;
  for (const digit of text) value = value * BASE + BigInt(DIGITS.indexOf(digit));
  return value;
}
