import { Injectable } from '@nestjs/common';
import { currentPrincipal } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import type { Page } from '#libs/kernel';
import type { ApiKey } from './api-key.entity.js';
import { ApiKeyNotFound } from './api-key.errors.js';
import { apiKeyPolicy } from './api-key.policy.js';
import { ApiKeys } from './api-keys.repository.js';

/** A key as people may see it: never the key itself, nor its hash. */
export type ApiKeyView = Omit<ApiKey, 'keyHash' | 'tenantId'>;

/** Reads of API keys: of one's own, or of everybody's with the permission for it. */
@Injectable()
export class ApiKeyQueries {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly keys: ApiKeys,
  ) {}

  /** Newest first, revoked ones included. */
  async page(request: { limit: number; cursor?: string | undefined }): Promise<Page<ApiKeyView>> {
    const userId = apiKeyPolicy.ownerToList(currentPrincipal());
    return this.unitOfWork.read(async () => {
      const page = await this.keys.page({ ...request, where: userId === undefined ? {} : { userId } });
      return { ...page, items: page.items.map(apiKeyViewOf) };
    });
  }

  /** @throws ApiKeyNotFound also for what is somebody else's */
  async get(id: string): Promise<ApiKeyView> {
    const key = await this.unitOfWork.read(() => this.keys.get(id));
    return apiKeyViewOf(apiKeyPolicy.require(currentPrincipal(), key, () => new ApiKeyNotFound(id)));
  }
}

/** What may be seen of a key. */
export function apiKeyViewOf(key: ApiKey): ApiKeyView {
  const { id, userId, name, ending, permissions, createdAt, expiresAt, lastUsedAt, revokedAt } = key;
  return { id, userId, name, ending, permissions, createdAt, expiresAt, lastUsedAt, revokedAt };
}
