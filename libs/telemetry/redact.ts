import { types } from 'node:util';

const HIDDEN = '[redacted]';
const DEPTH_MAX = 6;
const ENTRIES_MAX = 100;
const CAUSES_MAX = 4;

const SECRET_KEY =
  /^(authorization|proxy-authorization|cookie|set-cookie|x-api-key|jwt|d)$|password|passphrase|secret|token|credential|signingkey|apikey|accesskey|privatekey/i;

// Names that look like a secret's and are none: they help to read a log.
const HARMLESS_KEY = /^(tokenType|tokenId|nextToken)$/i;

const SCRUBBED: readonly (readonly [RegExp, string])[] = [
  // Passwords in connection URLs. A password may hold anything up to the last @ before the host.
  [/([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s/]*@/gi, `$1:${HIDDEN}@`],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]+/g, `$1 ${HIDDEN}`],
  // Compact JWS: a header that begins with {" and two further parts.
  [/\beyJ[\w-]{5,}\.[\w-]+\.[\w-]+/g, HIDDEN],
  [
    /([?&](?:X-Amz-(?:Signature|Credential|Security-Token)|access_token|token|password|secret)=)[^&\s"']*/gi,
    `$1${HIDDEN}`,
  ],
];

/** What each of the patterns needs. Most texts have none of it, and are looked at once. */
const SUSPICIOUS = /:\/\/|bearer|basic|eyJ|[?&]/i;

/** Text without the secrets that texts carry: passwords in URLs, tokens, signatures. */
export function scrubbed(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  return SCRUBBED.reduce((scrub, [pattern, replacement]) => scrub.replace(pattern, replacement), text);
}

function isError(value: unknown): value is Error {
  return types.isNativeError(value) || value instanceof Error;
}

const KEYS_KNOWN_MAX = 1_000;
const knownKeys = new Map<string, boolean>();

/** Lines use the same few names over and over. */
function isSecretKey(key: string): boolean {
  const known = knownKeys.get(key);
  if (known !== undefined) return known;
  const isSecret = SECRET_KEY.test(key) && !HARMLESS_KEY.test(key);
  if (knownKeys.size < KEYS_KNOWN_MAX) knownKeys.set(key, isSecret);
  return isSecret;
}

/** What is worth knowing of an error. Not its query parameters or `detail`: they hold what people typed in. */
function describedError(error: Error, causes: number): Record<string, unknown> {
  const { code, constraint, table, details } = error as Error &
    Record<'code' | 'constraint' | 'table' | 'details', unknown>;
  return {
    type: error.constructor.name,
    message: scrubbed(error.message),
    stack: error.stack === undefined ? undefined : scrubbed(error.stack),
    ...(code !== undefined && { code: redacted(code) }),
    ...(constraint !== undefined && { constraint }),
    ...(table !== undefined && { table }),
    ...(details !== undefined && { details: redacted(details) }),
    ...(isError(error.cause) && causes < CAUSES_MAX && { cause: describedError(error.cause, causes + 1) }),
    ...(error instanceof AggregateError && {
      errors: error.errors.slice(0, CAUSES_MAX).map((each: unknown) => redacted(each, DEPTH_MAX - 1)),
    }),
  };
}

function redactedEntries(value: object, depth: number): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  let entries = 0;
  for (const key of Object.keys(value)) {
    if ((entries += 1) > ENTRIES_MAX) break;
    const entry: unknown = (value as Record<string, unknown>)[key];
    // Assigned, this one would become the prototype.
    if (key === '__proto__') continue;
    shown[key] = isSecretKey(key) ? HIDDEN : redacted(entry, depth + 1);
  }
  return shown;
}

/**
 * A copy of `value` that may be written to a log: secrets replaced by their keys' names and by what they look like,
 * errors described, depth and size bounded.
 */
export function redacted(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return scrubbed(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (isError(value)) return describedError(value, 0);
  if (value instanceof Date) return value;
  if (depth >= DEPTH_MAX) return '[deep]';
  if (Array.isArray(value)) return value.slice(0, ENTRIES_MAX).map((entry) => redacted(entry, depth + 1));
  if (value instanceof Set || value instanceof Map) return redacted([...value], depth);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  return redactedEntries(value, depth);
}
