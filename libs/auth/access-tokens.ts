import { Injectable } from '@nestjs/common';
import { AppConfig } from '#libs/config';
import { type CryptoKey, errors, importJWK, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { InvalidToken, TokenExpired } from './auth.errors.js';

/** What an access token says: who calls, for which tenant, in which session. Names and rights are not in it. */
export interface AccessClaims {
  readonly userId: string;
  readonly tenantId: string;
  readonly tenantSlug: string;
  /** The session, which can be revoked before the token expires. */
  readonly sessionId: string;
}

/** An access token as it is handed out. */
export interface IssuedToken {
  readonly token: string;
  /** Seconds until it expires. */
  readonly expiresIn: number;
}

const ALGORITHM = 'EdDSA';
/** RFC 9068: an access token cannot pass for another kind of JWT, nor another kind for it. */
const TYPE = 'at+jwt';
const AUDIENCE = 'quoin-api';
const CLOCK_TOLERANCE_S = 5;
const LENGTH_MAX = 2_048;

const payloadSchema = z.object({ sub: z.uuid(), tid: z.uuid(), sid: z.uuid(), tenant: z.string().min(1).max(63) });

/** Issues and reads access tokens. Algorithm, type, issuer, audience and key id are pinned, not taken from the token. */
@Injectable()
export class AccessTokens {
  private readonly keys: Promise<{ readonly sign: CryptoKey; readonly verify: CryptoKey }>;

  constructor(private readonly config: AppConfig) {
    this.keys = this.importKeys();
  }

  /** A signed token for the session; lives `AUTH_ACCESS_TTL_S` seconds. */
  async issue(claims: AccessClaims): Promise<IssuedToken> {
    const { accessTtlS, issuer, signingKey } = this.config.auth;
    const issuedAt = Math.floor(Date.now() / 1_000);
    const token = await new SignJWT({ tid: claims.tenantId, sid: claims.sessionId, tenant: claims.tenantSlug })
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid: signingKey.kid })
      .setSubject(claims.userId)
      .setIssuer(issuer)
      .setAudience(AUDIENCE)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + accessTtlS)
      .sign((await this.keys).sign);
    return { token, expiresIn: accessTtlS };
  }

  /**
   * Reads a token. That it is genuine and in time does not mean that its session still holds: ask the SessionVerifier.
   *
   * @throws TokenExpired
   * @throws InvalidToken
   */
  async verify(token: string): Promise<AccessClaims> {
    if (token.length > LENGTH_MAX) throw new InvalidToken();
    const parsed = payloadSchema.safeParse(await this.payloadOf(token));
    if (!parsed.success) throw new InvalidToken();
    const { sub, tid, sid, tenant } = parsed.data;
    return { userId: sub, tenantId: tid, sessionId: sid, tenantSlug: tenant };
  }

  private async payloadOf(token: string): Promise<JWTPayload> {
    const { verify } = await this.keys;
    try {
      const { payload } = await jwtVerify(token, ({ kid }) => this.keyFor(kid, verify), {
        algorithms: [ALGORITHM],
        typ: TYPE,
        issuer: this.config.auth.issuer,
        audience: AUDIENCE,
        clockTolerance: CLOCK_TOLERANCE_S,
        requiredClaims: ['exp', 'iat', 'sub'],
      });
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
