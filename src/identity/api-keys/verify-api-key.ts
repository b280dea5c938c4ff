import { Injectable } from '@nestjs/common';
import { type ApiKeyClaims, ApiKeyVerifier } from '#libs/auth';
import type { Principal } from '#libs/context';
import { LocalRateLimiter, networkOf } from '#libs/throttling';
import { AccessCache, type Credential, EVERYBODY, type LoadedAccess } from '../access/access-cache.js';
import { AccessReads } from '../access/access-reads.js';
import { InBackground } from '../access/in-background.js';
import { PERMISSION_NAMES } from '../roles/permissions.js';
import { ApiKeyRefused, TooManyUnknownKeys } from './api-key.errors.js';
import { ApiKeys } from './api-keys.repository.js';

/** A key is read from PostgreSQL, and its use noted there, at least this often; seconds. */
const FRESH_S = 60;
/** Keys of one address that are looked up in PostgreSQL in a minute. Who has that many does not have them, but tries. */
const LOOK_UPS_MAX = 300;

/** What voids a key at once, on all nodes. */
export function scopeOfKey(hash: string): string {
  return `key:${hash}`;
}

/** Tells whose key it is, for every request that brings one: from Redis when it knows, from PostgreSQL otherwise. */
@Injectable()
export class VerifyApiKey extends ApiKeyVerifier {
  private readonly lookUps = new LocalRateLimiter();

  constructor(
    private readonly reads: AccessReads,
    private readonly keys: ApiKeys,
    private readonly cache: AccessCache,
    private readonly background: InBackground,
  ) {
    super();
  }

  /** @throws ApiKeyRefused, TooManyUnknownKeys */
  override async verify({ tenantId, hash }: ApiKeyClaims, ip: string): Promise<Principal & { apiKeyId: string }> {
    const credential: Credential = { entry: `key:${hash}`, scopes: [scopeOfKey(hash), EVERYBODY] };
    const looking = this.cache.look(tenantId, credential);
    const access = await this.cache.through(credential, looking, () => this.load(hash, ip));
    if (access?.apiKeyId === undefined) throw new ApiKeyRefused();
    const { userId: id, email, permissions, apiKeyId } = access;
    return { kind: 'user', id, apiKeyId, email, permissions: new Set(permissions) };
  }

  private async load(hash: string, ip: string): Promise<LoadedAccess | undefined> {
    const { allowed, resetAfterMs } = await this.lookUps.hit([{ key: networkOf(ip), limit: LOOK_UPS_MAX }]);
    if (!allowed) throw new TooManyUnknownKeys(Math.ceil(resetAfterMs / 1_000));
    const { found: live, isExact } = await this.reads.read(() => this.keys.findLive(hash, FRESH_S));
    if (!live) return undefined;
    const { id: apiKeyId, userId, email } = live;
    if (live.unseen && isExact) this.background.run(`used:${apiKeyId}`, () => this.keys.touch(apiKeyId));
    const held = new Set<string>(live.isOwner ? PERMISSION_NAMES : live.permissions);
    return {
      access: { userId, email, permissions: live.named.filter((permission) => held.has(permission)), apiKeyId },
      snapshot: isExact ? live.snapshot : undefined,
      freshS: Math.min(FRESH_S, live.endsInS),
    };
  }
}
