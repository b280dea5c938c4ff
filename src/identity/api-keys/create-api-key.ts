import { Injectable } from '@nestjs/common';
import { newApiKey, requireSession } from '#libs/auth';
import { currentPrincipal, currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { requireAll, requireKnown } from '../roles/grant-rules.js';
import { normalized } from '../roles/role.entity.js';
import { ApiKey } from './api-key.entity.js';
import { TooManyApiKeys } from './api-key.errors.js';
import { type ApiKeyView, apiKeyViewOf } from './api-key.queries.js';
import { ApiKeys } from './api-keys.repository.js';

/** A key to make. */
export interface ApiKeyRequest {
  readonly name: string;
  readonly permissions: readonly string[];
  /** Days until it expires, 1 to 365. */
  readonly expiresInDays: number;
}

const DAY_MS = 86_400_000;
const KEYS_MAX = 100;

/** Makes an API key of the caller's. It permits what it names, for as long as the caller may do it. */
@Injectable()
export class CreateApiKey {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly keys: ApiKeys,
  ) {}

  /**
   * The key is in the answer this once.
   *
   * @throws SessionRequired for an API key, which would else outlive its end
   * @throws PermissionUnknown, PermissionEscalation, TooManyApiKeys
   */
  async execute(request: ApiKeyRequest): Promise<ApiKeyView & { readonly key: string }> {
    const principal = currentPrincipal();
    requireSession(principal);
    requireKnown(request.permissions);
    requireAll(principal, request.permissions);
    const { key, hash } = newApiKey(currentTenant().id);
    const apiKey = Object.assign(new ApiKey(), {
      userId: principal.id,
      name: request.name,
      ending: key.slice(-4),
      keyHash: hash,
      permissions: normalized(request.permissions),
    });
    apiKey.expiresAt = new Date(apiKey.createdAt.getTime() + request.expiresInDays * DAY_MS);
    await this.unitOfWork.run(async () => {
      if ((await this.keys.countOf(principal.id)) >= KEYS_MAX) throw new TooManyApiKeys(KEYS_MAX);
      await this.keys.insert(apiKey);
    });
    return { ...apiKeyViewOf(apiKey), key };
  }
}
