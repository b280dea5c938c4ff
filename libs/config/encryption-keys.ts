import { z } from 'zod';

/** A key for what is encrypted at rest. */
export interface EncryptionKey {
  /** Stands with each ciphertext, so that it is known which key opens it. */
  readonly kid: string;
  /** 32 bytes, for AES-256. */
  readonly key: Buffer;
}

/** `kid` of the key in .env.example: everybody has it, so it protects nothing outside development and tests. */
export const PUBLISHED_ENCRYPTION_KID = 'example-only';

const KEY = /^([A-Za-z0-9-]{1,32}):([A-Za-z0-9_-]{43})$/;

function keyOf(entry: string): EncryptionKey | undefined {
  const [, kid, material] = KEY.exec(entry.trim()) ?? [];
  if (kid === undefined || material === undefined) return undefined;
  return { kid, key: Buffer.from(material, 'base64url') };
}

/** ENCRYPTION_KEYS: `kid:key` entries, comma-separated; the first encrypts, all of them decrypt. */
export const encryptionKeys = z.string().transform((value, context): readonly [EncryptionKey, ...EncryptionKey[]] => {
  const parsed = value.split(',').map(keyOf);
  const keys = parsed.filter((key) => key !== undefined);
  const [first, ...others] = keys;
  const distinct = new Set(keys.map(({ kid }) => kid)).size === keys.length;
  if (first && keys.length === parsed.length && distinct) return [first, ...others];
  context.addIssue({
    code: 'custom',
    message: 'must be a comma-separated list of <kid>:<base64url of 32 bytes>, each kid once',
  });
  return z.NEVER;
});
