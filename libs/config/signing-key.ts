import { z } from 'zod';

/** 32 bytes in base64url. */
const keyMaterial = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

const jwk = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  kid: z.string().min(1).max(64),
  d: keyMaterial,
  x: keyMaterial,
});

/** A private Ed25519 key as RFC 8037 writes it, with the `kid` that tokens name. */
export type SigningKey = z.output<typeof jwk>;

/** `kid` of the key in .env.example: everybody has it, so it signs nothing outside development and tests. */
export const PUBLISHED_KEY_ID = 'example-only';

function decoded(value: string): unknown {
  try {
    return JSON.parse(Buffer.from(value, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** AUTH_SIGNING_KEY: base64url of the private key's JWK as JSON. */
export const signingKey = z.string().transform((value, context): SigningKey => {
  const parsed = jwk.safeParse(decoded(value));
  if (parsed.success) return parsed.data;
  context.addIssue({
    code: 'custom',
    message: 'must be the base64url of an Ed25519 private JWK (kty, crv, kid, d, x) as JSON',
  });
  return z.NEVER;
});
