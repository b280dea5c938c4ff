import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import type { Page } from '#libs/kernel';
import type { IdentityProvider } from './identity-provider.entity.js';
import { IdentityProviders } from './identity-providers.repository.js';

/** An identity provider as those who set it up may see it: never its secret. */
export interface IdentityProviderView {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly hasClientSecret: boolean;
  readonly linkByEmail: boolean;
  readonly trustsSecondFactor: boolean;
  readonly defaultRoleId: string | null;
  readonly enabled: boolean;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** More buttons than this are no help to anybody. */
const CHOICES_MAX = 50;

/** Reads of identity providers. */
@Injectable()
export class IdentityProviderQueries {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly providers: IdentityProviders,
  ) {}

  /** @throws IdentityProviderNotFound */
  async get(id: string): Promise<IdentityProviderView> {
    return this.unitOfWork.read(async () => providerViewOf(await this.providers.get(id)));
  }

  /** Newest first. */
  async page(request: { limit: number; cursor?: string | undefined }): Promise<Page<IdentityProviderView>> {
    return this.unitOfWork.read(async () => {
      const page = await this.providers.page(request);
      return { ...page, items: page.items.map(providerViewOf) };
    });
  }

  /** What people may choose from when they sign in. */
  async choices(): Promise<{ readonly slug: string; readonly name: string }[]> {
    return this.unitOfWork.read(async () => {
      const found = await this.providers.find({ enabled: true }, { order: { name: 'ASC' }, limit: CHOICES_MAX });
      return found.map(({ slug, name }) => ({ slug, name }));
    });
  }
}

/** What may be seen of a provider. */
export function providerViewOf(provider: IdentityProvider): IdentityProviderView {
  const { id, slug, name, issuer, clientId, linkByEmail, trustsSecondFactor } = provider;
  const { defaultRoleId, enabled, version, createdAt, updatedAt } = provider;
  const hasClientSecret = provider.clientSecret !== null;
  return {
    id,
    slug,
    name,
    issuer,
    clientId,
    hasClientSecret,
    linkByEmail,
    trustsSecondFactor,
    defaultRoleId,
    enabled,
    version,
    createdAt,
    updatedAt,
  };
}
