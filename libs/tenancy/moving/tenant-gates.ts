import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { uuidv7 } from '#libs/kernel';

/**
 * `draining`: no new deliveries, everything else goes on. `paused`: no writes. `left`, `gone`: the tenant lives in another schema,
 * in another database. Absent: open.
 */
export type GateState = 'draining' | 'paused' | 'left' | 'gone';

const SET = `
  insert into platform.tenant_gate (tenant_id, id, schema, state) values ($1, $2, $3, $4)
  on conflict (tenant_id, schema) do update set state = excluded.state`;

const LEASES = `select from platform.delivery where tenant_id = $1 and lease_until > clock_timestamp() limit 1`;

/** A call to the outside world that is under way may still write down what came of it; milliseconds. */
const LEASES_MAX_MS = 30_000;

/** Sets a gate. Who was let through before may still be at work: see {@link awaitWriters}. */
export async function setGate(client: pg.Client, tenantId: string, schema: string, state: GateState): Promise<void> {
  await asTenant(client, tenantId, () => client.query(SET, [tenantId, uuidv7(), schema, state]));
}

/** Opens a gate. */
export async function openGate(client: pg.Client, tenantId: string, schema: string): Promise<void> {
  const sql = 'delete from platform.tenant_gate where tenant_id = $1 and schema = $2';
  await asTenant(client, tenantId, () => client.query(sql, [tenantId, schema]));
}

/** Resolves when every transaction has ended that was let through before the gate was closed. */
export async function awaitWriters(client: pg.Client, tenantId: string, schema: string): Promise<void> {
  await asTenant(client, tenantId, () => client.query('select platform.await_writers($1)', [schema]));
}

/** Resolves when every hand-over of deliveries has ended that may not have seen the gate. */
export async function awaitDispatch(client: pg.Client): Promise<void> {
  await client.query('select platform.await_dispatch()');
}

/** Resolves when no consumer of the tenant is calling outside, or after a while: what is left over is done again. */
export async function awaitLeases(client: pg.Client, tenantId: string): Promise<void> {
  const giveUpAt = Date.now() + LEASES_MAX_MS;
  while (Date.now() < giveUpAt) {
    const { rowCount } = await asTenant(client, tenantId, () => client.query(LEASES, [tenantId]));
    if (rowCount === 0) return;
    await sleep(100);
  }
}

/** One transaction that sees this tenant's rows: row-level security binds the owner too. */
export async function asTenant<T>(client: pg.Client, tenantId: string, work: () => Promise<T>): Promise<T> {
  await client.query('begin');
  try {
    await client.query(`select set_config('app.tenant_id', $1, true)`, [tenantId]);
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    // The first failure is the one to report; a connection that is gone has rolled back by itself.
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}
