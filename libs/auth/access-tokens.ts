import { Injectable } from '@nestjs/common';
import { AppConfig } from '#libs/config';
import { z } from 'zod';
import { InvalidToken } from './auth.errors.js';
import { type IssuedToken, type TokenKind, TokenSigner } from './token-signer.js';

/** What an access token says: who calls, for which tenant, in which session. Names and rights are not in it. */
export interface AccessClaims {
  readonly userId: string;
  readonly tenantId: string;
  readonly tenantSlug: string;
  /** The session, which can be revoked before the token expires. */
  readonly sessionId: string;
}

/** RFC 9068: an access token cannot pass for another kind of JWT, nor another kind for it. */
const KIND: TokenKind = { type: 'at+jwt', audience: 'quoin-api' };

const payloadSchema = z.object({ sub: z.uuid(), tid: z.uuid(), sid: z.uuid(), tenant: z.string().min(1).max(63) });

/** Issues and reads access tokens of a tenant's users. */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly config: AppConfig,
    private readonly signer: TokenSigner,
  ) {}

  /** A signed token for the session; lives `AUTH_ACCESS_TTL_S` seconds. */
  async issue({ userId, tenantId, tenantSlug, sessionId }: AccessClaims): Promise<IssuedToken> {
    const claims = { tid: tenantId, sid: sessionId, tenant: tenantSlug };
    return this.signer.sign(KIND, { subject: userId, claims, lifeS: this.config.auth.accessTtlS });
  }

  /**
   * Reads a token. That it is genuine and in time does not mean that its session still holds: ask the SessionVerifier.
   *
   * @throws TokenExpired
   * @throws InvalidToken
   */
  async verify(token: string): Promise<AccessClaims> {
    const parsed = payloadSchema.safeParse(await this.signer.read(KIND, token));
    if (!parsed.success) throw new InvalidToken();
    const { sub, tid, sid, tenant } = parsed.data;
    return { userId: sub, tenantId: tid, sessionId: sid, tenantSlug: tenant };
  }
}
