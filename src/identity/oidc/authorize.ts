import { Injectable } from '@nestjs/common';
import { randomNonce, randomPKCECodeVerifier, randomState } from 'openid-client';
import { hashOpaqueToken, newOpaqueToken } from '#libs/auth';
import { AppConfig } from '#libs/config';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { uuidv7 } from '#libs/kernel';
import { SecretBox } from '#libs/secrets';
import { AuthorizationUnknown } from './oidc.errors.js';
import { type AuthorizationChecks, OidcClient } from './oidc-client.js';
import { refusalOf } from './oidc-failures.js';
import type { OidcPerson } from './oidc-person.js';
import { OidcAuthorizations } from './oidc-authorizations.repository.js';
import type { IdentityProvider } from '../identity-providers/identity-provider.entity.js';
import { IdentityProviders } from '../identity-providers/identity-providers.repository.js';

/** What a browser that wants to sign in does next. */
export interface BegunAuthorization {
  /** Where to go. */
  readonly url: string;
  /** To be kept by this browser alone, and shown when it comes back. */
  readonly ticket: string;
  readonly expiresInS: number;
}

/** Who came back from a provider. */
export interface ReturnedPerson {
  readonly person: OidcPerson;
  readonly provider: IdentityProvider;
}

/** As long as somebody may take at the provider. */
const LIFE_S = 600;
const PRUNED_AT_ONCE = 10;

/**
 * Sends people to an identity provider and takes them back. The ticket stays with the browser that began and is never in an
 * address, so nobody can be made to finish what somebody else has begun.
 */
@Injectable()
export class Authorize {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly providers: IdentityProviders,
    private readonly authorizations: OidcAuthorizations,
    private readonly client: OidcClient,
    private readonly secrets: SecretBox,
    private readonly config: AppConfig,
  ) {}

  /**
   * @param userId who links an identity; null for signing in
   * @throws IdentityProviderNotFound, IdentityProviderUnavailable
   */
  async begin(slug: string, userId: string | null): Promise<BegunAuthorization> {
    const provider = await this.unitOfWork.read(() => this.providers.enabled({ slug }));
    const id = uuidv7();
    const checks = { state: randomState(), nonce: randomNonce(), codeVerifier: randomPKCECodeVerifier() };
    // Outside of a unit of work: the provider is asked what it is.
    const url = await this.asked(() => this.client.authorizationUrl(provider, this.redirectUri(), checks));
    const { token: ticket, hash: ticketHash } = newOpaqueToken();
    await this.unitOfWork.run(async () => {
      await this.authorizations.prune(PRUNED_AT_ONCE);
      const codeVerifier = this.secrets.seal(checks.codeVerifier, placeOf(id));
      const { state, nonce } = checks;
      const { id: providerId } = provider;
      await this.authorizations.insert({
        id,
        providerId,
        ticketHash,
        state,
        nonce,
        codeVerifier,
        userId,
        lifeS: LIFE_S,
      });
    });
    return { url, ticket, expiresInS: LIFE_S };
  }

  /**
   * Uses the ticket up, whatever comes of it.
   * @param response the query with which the browser came back
   * @throws AuthorizationUnknown, AuthorizationRefused, IdentityProviderNotFound, IdentityProviderUnavailable
   */
  async finish(ticket: string, response: string, userId: string | null): Promise<ReturnedPerson> {
    const { provider, checks } = await this.unitOfWork.run(() => this.take(hashOpaqueToken(ticket), userId));
    const person = await this.asked(() => this.client.redeem(provider, this.redirectUri(), response, checks));
    return { person, provider };
  }

  private async take(
    ticketHash: string,
    userId: string | null,
  ): Promise<{ provider: IdentityProvider; checks: AuthorizationChecks }> {
    const taken = await this.authorizations.take(ticketHash, userId);
    if (!taken) throw new AuthorizationUnknown();
    const provider = await this.providers.enabled({ id: taken.providerId });
    const { state, nonce } = taken;
    return {
      provider,
      checks: { state, nonce, codeVerifier: this.secrets.open(taken.codeVerifier, placeOf(taken.id)) },
    };
  }

  private async asked<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw refusalOf(error);
    }
  }

  private redirectUri(): string {
    return `${this.config.webUrl.replaceAll('{tenant}', currentTenant().slug)}/sign-in/callback`;
  }
}

function placeOf(id: string): string {
  return `oidc-authorization:${currentTenant().id}:${id}`;
}
