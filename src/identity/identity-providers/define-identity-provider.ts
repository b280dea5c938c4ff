import { Injectable } from '@nestjs/common';
import { currentPrincipal } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { AddressRefused, GuardedFetch } from '#libs/egress';
import { requireVersion } from '#libs/kernel';
import { requireAll } from '../roles/grant-rules.js';
import { PERMISSION_NAMES } from '../roles/permissions.js';
import { Roles } from '../roles/roles.repository.js';
import { ClientSecrets } from './client-secrets.js';
import { IdentityProvider } from './identity-provider.entity.js';
import { type IdentityProviderView, providerViewOf } from './identity-provider.queries.js';
import { IdentityProviders } from './identity-providers.repository.js';

/** What an identity provider is to be. */
export interface IdentityProviderDefinition {
  readonly slug: string;
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  /** Undefined keeps the one there is; null is a client without one. */
  readonly clientSecret?: string | null | undefined;
  readonly linkByEmail: boolean;
  readonly trustsSecondFactor: boolean;
  readonly defaultRoleId: string | null;
  readonly enabled: boolean;
}

/**
 * Adds, replaces and removes identity providers. Whoever decides which server says who somebody is can become anybody, so it
 * takes all permissions that there are.
 */
@Injectable()
export class DefineIdentityProvider {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly providers: IdentityProviders,
    private readonly roles: Roles,
    private readonly secrets: ClientSecrets,
    private readonly egress: GuardedFetch,
  ) {}

  /** @throws IdentityProviderSlugTaken, RoleNotFound, AddressRefused, PermissionEscalation */
  async add(definition: IdentityProviderDefinition): Promise<IdentityProviderView> {
    return this.unitOfWork.run(async () => {
      const provider = await this.define(new IdentityProvider(), definition);
      await this.providers.insert(provider);
      return providerViewOf(provider);
    });
  }

  /**
   * @param expectedVersion the version that the caller has seen; undefined accepts any
   * @throws IdentityProviderNotFound, IdentityProviderSlugTaken, RoleNotFound, AddressRefused, PermissionEscalation,
   *   PreconditionFailed
   */
  async replace(
    id: string,
    definition: IdentityProviderDefinition,
    expectedVersion: number | undefined,
  ): Promise<IdentityProviderView> {
    return this.unitOfWork.run(async () => {
      const provider = await this.providers.getForUpdate(id);
      requireVersion(provider.version, expectedVersion);
      await this.providers.update(await this.define(provider, definition));
      return providerViewOf(provider);
    });
  }

  /** Removes it with its links: its people sign in another way. @throws IdentityProviderNotFound, PermissionEscalation */
  async remove(id: string): Promise<void> {
    await this.unitOfWork.run(async () => {
      requireAll(currentPrincipal(), PERMISSION_NAMES);
      await this.providers.remove(await this.providers.getForUpdate(id));
    });
  }

  private async define(provider: IdentityProvider, definition: IdentityProviderDefinition): Promise<IdentityProvider> {
    requireAll(currentPrincipal(), PERMISSION_NAMES);
    const { clientSecret, ...others } = definition;
    this.requireIssuer(definition.issuer);
    if (definition.defaultRoleId !== null) await this.roles.getAll([definition.defaultRoleId]);
    Object.assign(provider, others);
    if (clientSecret === null) provider.clientSecret = null;
    else if (clientSecret !== undefined) provider.clientSecret = this.secrets.seal(clientSecret, provider);
    return provider;
  }

  private requireIssuer(issuer: string): void {
    const { search, hash, pathname } = this.egress.requireAllowed(issuer);
    // The address of a discovery document instead of an issuer would not be compared with what the provider calls itself.
    if (search !== '' || hash !== '' || pathname.includes('/.well-known/')) throw new AddressRefused();
  }
}
