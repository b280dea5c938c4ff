import { Injectable } from '@nestjs/common';
import { currentPrincipal } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { AccessChanges } from '../access/access-changes.js';
import { ApiKeyNotFound } from './api-key.errors.js';
import { apiKeyPolicy } from './api-key.policy.js';
import { ApiKeys } from './api-keys.repository.js';
import { scopeOfKey } from './verify-api-key.js';

/** Ends an API key: it is void on all nodes at once. Again changes nothing. */
@Injectable()
export class RevokeApiKey {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly keys: ApiKeys,
    private readonly changes: AccessChanges,
  ) {}

  /** @throws ApiKeyNotFound also for what is somebody else's */
  async execute(id: string): Promise<void> {
    await this.unitOfWork.run(async () => {
      const key = apiKeyPolicy.require(currentPrincipal(), await this.keys.get(id), () => new ApiKeyNotFound(id));
      await this.keys.revoke(key.id);
      await this.changes.ofUser(key.userId, [scopeOfKey(key.keyHash)]);
    });
  }
}
