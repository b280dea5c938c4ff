import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { uuidv7 } from '#libs/kernel';
import type { FactorState } from './factor-state.js';

/** A second factor as it is kept. */
export interface StoredFactor {
  readonly id: string;
  /** Sealed. */
  readonly secret: string;
}

/** A factor that is not confirmed within this was never set up; as PostgreSQL writes it. */
const PENDING_FOR = '1 hour';

/** Longer than any code is good for. */
const USES_KEPT = '10 minutes';

/** Second factors, the codes that were used, and the recovery codes. */
@Injectable()
export class SecondFactors {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** The factor of a user that works. */
  async confirmedOf(userId: string): Promise<StoredFactor | undefined> {
    const [found] = await this.unitOfWork.query<StoredFactor>(
      'select id, secret from second_factor where user_id = $1 and confirmed_at is not null',
      [userId],
    );
    return found;
  }

  /** The factor of a user that waits to be confirmed, held until the unit of work ends. */
  async lockPendingOf(userId: string): Promise<StoredFactor | undefined> {
    const [found] = await this.unitOfWork.query<StoredFactor>(
      `select id, secret from second_factor where user_id = $1 and confirmed_at is null
         and created_at > now() - interval '${PENDING_FOR}' for update`,
      [userId],
    );
    return found;
  }

  async stateOf(userId: string): Promise<FactorState | undefined> {
    const [found] = await this.unitOfWork.query<FactorState>(
      `select f.confirmed_at as "confirmedAt", (select count(*)::integer from recovery_code c
         where c.factor_id = f.id and c.used_at is null) as "recoveryCodesLeft"
       from second_factor f where f.user_id = $1 and f.confirmed_at is not null`,
      [userId],
    );
    return found;
  }

  /** Puts a factor that waits to be confirmed in the place of one that waits already. */
  async putPending(userId: string, secret: string): Promise<void> {
    await this.unitOfWork.execute(
      `insert into second_factor (tenant_id, id, user_id, secret) values ($1, $2, $3, $4)
       on conflict (tenant_id, user_id) where confirmed_at is null
       do update set id = excluded.id, secret = excluded.secret, created_at = now()`,
      [currentTenant().id, uuidv7(), userId, secret],
    );
  }

  async confirm(factorId: string): Promise<void> {
    await this.unitOfWork.execute('update second_factor set confirmed_at = now() where id = $1', [factorId]);
  }

  /** The same secret under another key. */
  async reseal(factorId: string, secret: string): Promise<void> {
    await this.unitOfWork.execute('update second_factor set secret = $2 where id = $1', [factorId, secret]);
  }

  /** Removes all factors of a user with their codes; false when there was none that worked. */
  async remove(userId: string): Promise<boolean> {
    const removed = await this.unitOfWork.query<{ confirmed: boolean }>(
      'delete from second_factor where user_id = $1 returning confirmed_at is not null as confirmed',
      [userId],
    );
    return removed.some(({ confirmed }) => confirmed);
  }

  /** Uses the code of a step up; false for whoever comes later with it: the constraint lets one row in. */
  async use(factorId: string, timeStep: number): Promise<boolean> {
    await this.unitOfWork.execute(
      `delete from second_factor_use where factor_id = $1 and created_at < now() - interval '${USES_KEPT}'`,
      [factorId],
    );
    const used = await this.unitOfWork.execute(
      `insert into second_factor_use (tenant_id, id, factor_id, time_step) values ($1, $2, $3, $4) on conflict do nothing`,
      [currentTenant().id, uuidv7(), factorId, timeStep],
    );
    return used === 1;
  }

  /** Uses a recovery code of the user's working factor up; false when there is none that is unused. */
  async useRecoveryCode(userId: string, codeHash: string): Promise<boolean> {
    const used = await this.unitOfWork.execute(
      `update recovery_code c set used_at = now() from second_factor f
       where f.user_id = $1 and f.confirmed_at is not null and c.tenant_id = f.tenant_id and c.factor_id = f.id
         and c.code_hash = $2 and c.used_at is null`,
      [userId, codeHash],
    );
    return used === 1;
  }

  /** Puts new recovery codes in the place of all that there were. */
  async replaceRecoveryCodes(factorId: string, codeHashes: readonly string[]): Promise<void> {
    await this.unitOfWork.execute('delete from recovery_code where factor_id = $1', [factorId]);
    await this.unitOfWork.execute(
      `insert into recovery_code (tenant_id, id, factor_id, code_hash)
       select $1, gen_random_uuid(), $2, hash from unnest($3::text[]) hash`,
      [currentTenant().id, factorId, codeHashes],
    );
  }
}
