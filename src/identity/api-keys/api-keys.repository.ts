import { Injectable } from '@nestjs/common';
import { TenantRepository, UnitOfWork } from '#libs/database';
import { HELD_PERMISSIONS, type HolderRow } from '../access/held-permissions.js';
import { SNAPSHOT } from '../access/snapshot.js';
import { ApiKey } from './api-key.entity.js';
import { ApiKeyNotFound } from './api-key.errors.js';

/** A key that opens something, and what its user may do. */
export interface LiveApiKey extends HolderRow {
  readonly id: string;
  /** What the key names; it permits of these what its user has. */
  readonly named: readonly string[];
}

const FIND_LIVE = `
  select k.id, k.user_id as "userId", u.email, k.permissions as named,
    coalesce(k.last_used_at < now() - make_interval(secs => $2), true) as unseen,
    extract(epoch from k.expires_at - now())::integer as "endsInS", ${SNAPSHOT} as snapshot, ${HELD_PERMISSIONS}
  from api_key k join app_user u on u.tenant_id = k.tenant_id and u.id = k.user_id
  where k.key_hash = $1 and k.revoked_at is null and k.expires_at > now() and u.status = 'active'`;

/** The API keys of the tenant. */
@Injectable()
export class ApiKeys extends TenantRepository<ApiKey> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, ApiKey, ApiKeyNotFound);
  }

  /** The key with this hash, if it opens anything. `seenEveryS`: after that it counts as unseen. */
  async findLive(hash: string, seenEveryS: number): Promise<LiveApiKey | undefined> {
    const [found] = await this.unitOfWork.query<LiveApiKey>(FIND_LIVE, [hash, seenEveryS]);
    return found;
  }

  /** How many keys of a user are neither revoked nor over. Others who count wait until the unit of work ends. */
  async countOf(userId: string): Promise<number> {
    await this.unitOfWork.execute('select from app_user where id = $1 for update', [userId]);
    const [row] = await this.unitOfWork.query<{ count: number }>(
      'select count(*)::integer from api_key where user_id = $1 and revoked_at is null and expires_at > now()',
      [userId],
    );
    return row?.count ?? 0;
  }

  /** Again changes nothing. */
  async revoke(id: string): Promise<void> {
    await this.unitOfWork.execute('update api_key set revoked_at = now() where id = $1 and revoked_at is null', [id]);
  }

  /** Notes that the key is in use. */
  async touch(id: string): Promise<void> {
    await this.unitOfWork.execute('update api_key set last_used_at = now() where id = $1', [id]);
  }
}
