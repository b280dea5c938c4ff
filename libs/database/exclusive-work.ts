import { Injectable } from '@nestjs/common';
import type { QueryRunner } from 'typeorm';
import { currentTenant } from '#libs/context';
import { WorkUnderWay } from './database.errors.js';
import { TenantDatabases } from './tenant-databases.js';

/**
 * Long work of a tenant that must not run twice at once, over many units of work and whatever processes there are.
 *
 * The lock is an advisory one of a transaction that stays open and idle, on a connection of its own: a process that dies
 * gives it back at once, and a pooler in transaction mode leaves it where it is. It keeps people from starting twice; it
 * is no fence. What must not be doubled still needs its constraint.
 */
@Injectable()
export class ExclusiveWork {
  constructor(private readonly databases: TenantDatabases) {}

  /** Runs `work` of the current tenant under this name. @throws WorkUnderWay at once, when somebody else is at it */
  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const tenant = currentTenant();
    const dataSource = await this.databases.dataSource(tenant.placement);
    const runner = dataSource.createQueryRunner('master');
    try {
      await runner.query('begin');
      const answer = (await runner.query('select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as taken', [
        `${tenant.id} ${name}`,
      ])) as { taken: boolean }[];
      if (!answer[0]?.taken) throw new WorkUnderWay(name);
      // The answer's portal, and with it a snapshot, would stay open as long as the work: nothing that is updated meanwhile, by
      // anybody, could be cleaned up. A statement of the simple protocol closes it.
      await runner.query('set local idle_in_transaction_session_timeout = 0');
      return await work();
    } finally {
      await giveBack(runner);
    }
  }
}

async function giveBack(runner: QueryRunner): Promise<void> {
  // A connection that is gone has given the lock back by itself, and what the work came to stands.
  await runner.query('rollback').catch(() => undefined);
  await runner.release();
}
