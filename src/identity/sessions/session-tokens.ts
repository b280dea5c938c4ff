import { Injectable } from '@nestjs/common';
import { AccessTokens } from '#libs/auth';
import { currentTenant } from '#libs/context';

/** What a client gets for signing in or refreshing. */
export interface SessionTokens {
  readonly userId: string;
  readonly sessionId: string;
  readonly accessToken: string;
  /** Seconds that the access token is good for. */
  readonly expiresInS: number;
  /** Good for one use; the answer to that use brings the next one. */
  readonly refreshToken: string;
}

/** Hands out the pair of tokens of a session. */
@Injectable()
export class TokenPairs {
  constructor(private readonly accessTokens: AccessTokens) {}

  /** @param refreshToken the secret whose hash the session has stored already */
  async of(userId: string, sessionId: string, refreshToken: string): Promise<SessionTokens> {
    const { id: tenantId, slug: tenantSlug } = currentTenant();
    const { token, expiresIn } = await this.accessTokens.issue({ userId, tenantId, tenantSlug, sessionId });
    return { userId, sessionId, accessToken: token, expiresInS: expiresIn, refreshToken };
  }
}
