import { Injectable } from '@nestjs/common';
import { TenantRepository, UnitOfWork, violatedConstraint } from '#libs/database';
import { IdentityProviderNotFound, IdentityProviderSlugTaken } from '../oidc/oidc.errors.js';
import { RoleNotFound } from '../roles/role.errors.js';
import { IdentityProvider } from './identity-provider.entity.js';

/** The identity providers of the tenant. */
@Injectable()
export class IdentityProviders extends TenantRepository<IdentityProvider> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, IdentityProvider, IdentityProviderNotFound);
  }

  /** @throws IdentityProviderSlugTaken, RoleNotFound */
  override async insert(entities: IdentityProvider | readonly IdentityProvider[]): Promise<void> {
    await super.insert(entities).catch((error: unknown) => refuse(error, entities));
  }

  /** @throws IdentityProviderSlugTaken, RoleNotFound, ConcurrentModification */
  override async update(entities: IdentityProvider | readonly IdentityProvider[]): Promise<void> {
    await super.update(entities).catch((error: unknown) => refuse(error, entities));
  }

  /** @throws IdentityProviderNotFound also for one that is not enabled */
  async enabled(where: { readonly slug: string } | { readonly id: string }): Promise<IdentityProvider> {
    const found = await this.findOne({ ...where, enabled: true });
    if (!found) throw new IdentityProviderNotFound('slug' in where ? where.slug : where.id);
    return found;
  }
}

function refuse(error: unknown, entities: IdentityProvider | readonly IdentityProvider[]): never {
  const [first] = entities instanceof IdentityProvider ? [entities] : entities;
  const constraint = violatedConstraint(error);
  if (first && constraint === 'identity_provider_slug_key') throw new IdentityProviderSlugTaken(first.slug);
  if (first && constraint === 'identity_provider_role_fkey') throw new RoleNotFound(first.defaultRoleId ?? '');
  throw error;
}
