import { Injectable } from '@nestjs/common';
import { AppConfig } from '#libs/config';
import { type CryptoKey, decodeJwt, errors, importJWK, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { InvalidToken, TokenExpired } from './auth.errors.js';
import { VerifiedTokens } from './verified-tokens.js';

/** A token as it is handed out. */
export interface IssuedToken {
  readonly token: string;
  /** Seconds until it expires. */
  readonly expiresIn: number;
}

/** A kind of token. Type and audience are its own, so that no kind passes for another (RFC 8725, 3.11 and 3.12). */
export interface TokenKind {
  readonly type: string;
  readonly audience: string;
}

/** What is signed. */
export interface TokenContents {
  readonly subject: string;
  readonly claims: Readonly<Record<string, string | number>>;
  /** Seconds. */
  readonly lifeS: number;
}

const ALGORITHM = 'EdDSA';
const CLOCK_TOLERANCE_S = 5;
const LENGTH_MAX = 2_048;

/** Signs and reads tokens. Algorithm, type, issuer, audience and key id are pinned, not taken from the token. */
@Injectable()
export class TokenSigner {
  private readonly keys: Promise<{ readonly sign: CryptoKey; readonly verify: CryptoKey }>;
  private readonly verified = new VerifiedTokens();

  constructor(private readonly config: AppConfig) {
    this.keys = this.importKeys();
  }

  /** A signed token of this kind. */
  async sign(kind: TokenKind, { subject, claims, lifeS }: TokenContents): Promise<IssuedToken> {
    const issuedAt = Math.floor(Date.now() / 1_000);
    const token = await new SignJWT({ ...claims })
      .setProtectedHeader({ alg: ALGORITHM, typ: kind.type, kid: this.config.auth.signingKey.kid })
      .setSubject(subject)
      .setIssuer(this.config.auth.issuer)
      .setAudience(kind.audience)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + lifeS)
      .sign((await this.keys).sign);
    return { token, expiresIn: lifeS };
  }

  /**
   * What a genuine token of this kind says, if it is in time. The signature is checked once, for as long as it holds.
   *
   * @throws TokenExpired
   * @throws InvalidToken
   */
  async read(kind: TokenKind, token: string): Promise<JWTPayload> {
    if (token.length > LENGTH_MAX) throw new InvalidToken();
    const expiresAtMs = this.verified.expiryOf(token, kind.type);
    if (expiresAtMs !== undefined && Date.now() >= expiresAtMs) throw new TokenExpired();
    if (expiresAtMs !== undefined) return decodeJwt(token);
    return this.check(kind, token);
  }

  private async check(kind: TokenKind, token: string): Promise<JWTPayload> {
    const { verify } = await this.keys;
    try {
      const { payload } = await jwtVerify(token, ({ kid }) => this.keyFor(kid, verify), {
        algorithms: [ALGORITHM],
        typ: kind.type,
        issuer: this.config.auth.issuer,
        audience: kind.audience,
        clockTolerance: CLOCK_TOLERANCE_S,
        requiredClaims: ['exp', 'iat', 'sub'],
      });
      this.verified.remember(token, kind.type, (Number(payload.exp) + CLOCK_TOLERANCE_S) * 1_000);
      return payload;
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw new TokenExpired({ cause: error });
      throw new InvalidToken({ cause: error });
    }
  }

  private keyFor(kid: string | undefined, key: CryptoKey): CryptoKey {
    if (kid !== this.config.auth.signingKey.kid) throw new InvalidToken();
    return key;
  }

  private async importKeys(): Promise<{ readonly sign: CryptoKey; readonly verify: CryptoKey }> {
    const { kty, crv, x, d } = this.config.auth.signingKey;
    const [sign, verify] = await Promise.all([
      importJWK({ kty, crv, x, d }, ALGORITHM),
      importJWK({ kty, crv, x }, ALGORITHM),
    ]);
    return { sign, verify };
  }
}
