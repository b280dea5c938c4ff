import { Injectable } from '@nestjs/common';
import { currentTenant, type TenantIdentity } from '#libs/context';
import { AccessStore, type StoredEntry } from './access-store.js';
import { AccessView } from './access-view.js';
import type { KnownChanges } from './known-changes.js';

/** Something that proves who calls: a session, an API key. */
export interface Credential {
  /** Names what is remembered of it. The user stands in it where it is known: no entry answers for somebody else. */
  readonly entry: string;
  /** What voids it at once, when it is changed. */
  readonly scopes: readonly string[];
}

/** Who a credential is for and what it permits. */
export interface Access {
  readonly userId: string;
  readonly email: string;
  readonly permissions: readonly string[];
  /** Set when the credential is an API key. */
  readonly apiKeyId?: string;
}

/** Access as it was read from PostgreSQL. */
export interface LoadedAccess {
  readonly access: Access;
  /** What the statement saw: `pg_current_snapshot()`. Undefined when a replica answered: that is remembered by nobody. */
  readonly snapshot: string | undefined;
  /** It may be remembered for this long; seconds. */
  readonly freshS: number;
}

interface Entry {
  readonly stamp: string;
  readonly snapshot: string;
  readonly place: string;
  readonly access: Access;
}

/** The stamp of changes that concern everybody in the tenant. */
export const EVERYBODY = 'everybody';

/** The stamp of changes that concern one user. */
export function scopeOfUser(userId: string): string {
  return `user:${userId}`;
}

/**
 * Remembers in Redis, for all nodes, who a credential is for. Two things must both hold for an entry to be trusted: its
 * stamps are those in Redis, which voids it at once while Redis is well; and no change is recorded in PostgreSQL that
 * its reader did not see, which voids it within half a second whatever has become of Redis (docs/adr/0012).
 */
@Injectable()
export class AccessCache {
  constructor(
    private readonly store: AccessStore,
    private readonly view: AccessView,
  ) {}

  /** Asks Redis already; the answer goes to {@link through}. */
  look(tenantId: string, { entry, scopes }: Credential): Promise<StoredEntry | undefined> {
    return this.store.look(tenantId, entry, scopes);
  }

  /** Access as remembered, or as `load` says now; undefined when there is none. */
  async through(
    credential: Credential,
    looking: Promise<StoredEntry | undefined>,
    load: () => Promise<LoadedAccess | undefined>,
  ): Promise<Access | undefined> {
    const tenant = currentTenant();
    const [look, known] = await Promise.all([looking, this.view.of(tenant)]);
    const remembered = look && rememberedIn(look, known, tenant);
    if (remembered) return remembered;
    const loaded = await load();
    if (loaded?.snapshot === undefined || !look || loaded.freshS < 1) return loaded?.access;
    const { access, snapshot, freshS } = loaded;
    const entry: Entry = { stamp: look.stamp, snapshot, place: placeOf(tenant), access };
    await this.store.keep(tenant.id, credential.entry, JSON.stringify(entry), freshS);
    return access;
  }
}

function rememberedIn(
  { stamp, text }: StoredEntry,
  known: KnownChanges | undefined,
  tenant: TenantIdentity,
): Access | undefined {
  if (text === undefined) return undefined;
  const entry = JSON.parse(text) as Entry;
  if (entry.stamp !== stamp || entry.place !== placeOf(tenant)) return undefined;
  // Without a primary nothing can be revoked that the stamps do not tell.
  return known === undefined || known.areIn(entry.snapshot, entry.access.userId) ? entry.access : undefined;
}

/** Transactions are counted cluster by cluster: after a move, what was read in the old place says nothing. */
function placeOf({ placement: { cluster, database } }: TenantIdentity): string {
  return `${cluster}/${database}`;
}
