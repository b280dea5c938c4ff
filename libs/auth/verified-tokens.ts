import { hash } from 'node:crypto';

/** So many are remembered; the oldest go first. */
const TOKENS_MAX = 10_000;

/**
 * Signatures that were found genuine, so that a client's next request does not pay for the same check again. Keeps the
 * hash of a token and when it expires: nothing of what it says, and nothing it could be made from.
 */
export class VerifiedTokens {
  private readonly expiries = new Map<string, number>();

  /** When the token expires, milliseconds of Unix time; undefined when its signature was not checked lately. */
  expiryOf(token: string, type: string): number | undefined {
    return this.expiries.get(keyOf(token, type));
  }

  /** The signature is genuine, until the token expires. */
  remember(token: string, type: string, expiresAtMs: number): void {
    if (this.expiries.size >= TOKENS_MAX) this.expiries.delete(String(this.expiries.keys().next().value));
    this.expiries.set(keyOf(token, type), expiresAtMs);
  }
}

function keyOf(token: string, type: string): string {
  return hash('sha256', `${type} ${token}`, 'base64');
}
