import { createHash, randomBytes } from 'node:crypto';

/** A secret that is handed out once and stored as its hash only: refresh tokens, invitations, password resets. */
export interface OpaqueToken {
  /** What the client gets: 256 random bits, base64url. */
  readonly token: string;
  /** What is stored and looked up: SHA-256, hexadecimal. Random bits need no slow hash. */
  readonly hash: string;
}

const TOKEN_BYTES = 32;

/** Makes a new one. */
export function newOpaqueToken(): OpaqueToken {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  return { token, hash: hashOpaqueToken(token) };
}

/** The hash under which a token is stored. */
export function hashOpaqueToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
