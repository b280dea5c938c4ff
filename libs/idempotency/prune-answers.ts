import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import { DispatcherDatabase } from '#libs/events';

/** Rows of one transaction: short enough to hold up nobody. */
const BATCH = 1_000;

const TURN = `select pg_try_advisory_xact_lock(hashtextextended('prune idempotent answers', 0)) as mine`;

// The policy lets through what is over and nothing else.
const PRUNE = `
  with over as materialized (
    select tenant_id, id from platform.idempotency_key where expires_at < now() order by expires_at limit ${BATCH}
  )
  delete from platform.idempotency_key k using over where k.tenant_id = over.tenant_id and k.id = over.id`;

/** Forgets answers whose time is over, of all tenants. */
@Injectable()
export class PruneAnswers {
  constructor(private readonly databases: DispatcherDatabase) {}

  /**
   * One batch in each tenant database.
   * @returns how many were forgotten, and whether there may be more
   * @throws what a database refused, after the others have had their turn
   */
  async execute(): Promise<{ pruned: number; more: boolean }> {
    const databases = await this.databases.all();
    const counts: number[] = [];
    const failures: unknown[] = [];
    for (const database of databases) {
      await this.databases.run(database, pruneBatch).then(
        (count) => counts.push(count),
        (error) => failures.push(error),
      );
    }
    if (failures.length > 0) throw failures[0];
    return { pruned: counts.reduce((sum, count) => sum + count, 0), more: counts.includes(BATCH) };
  }
}

/** One worker at a time: two at the same rows would wait for each other. */
async function pruneBatch(transaction: Transaction): Promise<number> {
  const [turn] = await transaction.query<{ mine: boolean }>(TURN);
  return turn?.mine ? transaction.execute(PRUNE) : 0;
}
