import { Injectable } from '@nestjs/common';
import type { Placement } from '#libs/context';
import { LandlordDatabase, violatedConstraint } from '#libs/database';
import { uuidv7 } from '#libs/kernel';
import { Landlord } from '../landlord.js';
import { placeText } from '../places/tenant-places.js';
import { MoveUnderWay, NoOpenMove } from './move.errors.js';

/** The steps of a move in their order. Each is recorded when it is done; the database refuses to record one that was skipped. */
export const MOVE_STEPS = ['prepared', 'paused', 'copied', 'verified', 'switched', 'resumed', 'removed'] as const;

/** One of {@link MOVE_STEPS}. */
export type MoveStep = (typeof MOVE_STEPS)[number];

/** A move of a tenant between two places. */
export interface TenantMove {
  readonly id: string;
  readonly tenantId: string;
  readonly source: Placement;
  readonly target: Placement;
  /** What is done so far, in order. */
  readonly done: readonly MoveStep[];
  readonly switchedAt: Date | null;
  readonly abandonedAt: Date | null;
  readonly lastError: string | null;
  readonly createdAt: Date;
}

/** What one table was compared by. */
export interface TableProof {
  readonly name: string;
  readonly rows: string;
  readonly checksum: string;
}

interface Row extends Omit<TenantMove, 'done'> {
  readonly doneAt: Readonly<Record<MoveStep, string | null>>;
}

const DONE_AT = MOVE_STEPS.map((step) => `'${step}', ${step}_at`).join(', ');
const SELECT = `
  select id, tenant_id as "tenantId", source, target, switched_at as "switchedAt", abandoned_at as "abandonedAt",
    last_error as "lastError", created_at as "createdAt", jsonb_build_object(${DONE_AT}) as "doneAt"
  from tenant_move`;

/** Moves at the landlord. Landlord work: each step is audited there. */
@Injectable()
export class TenantMoves {
  constructor(
    private readonly landlord: Landlord,
    private readonly database: LandlordDatabase,
  ) {}

  /** Writes a move down that nobody has begun yet. @throws MoveUnderWay */
  async plan(tenantId: string, source: Placement, target: Placement): Promise<TenantMove> {
    const id = uuidv7();
    try {
      await this.landlord.withoutTenancy(`a tenant is to be moved to ${placeText(target)}`, (transaction) =>
        transaction.execute('insert into tenant_move (id, tenant_id, source, target) values ($1, $2, $3, $4)', [
          id,
          tenantId,
          source,
          target,
        ]),
      );
    } catch (error) {
      if (violatedConstraint(error) === 'tenant_move_one_at_a_time') throw new MoveUnderWay(placeText(target));
      throw error;
    }
    return this.byId(id);
  }

  /** The move of the tenant that is neither finished nor undone. */
  async open(tenantId: string): Promise<TenantMove | undefined> {
    const [row] = await this.database.query<Row>(
      `${SELECT} where tenant_id = $1 and removed_at is null and undone_at is null`,
      [tenantId],
    );
    return row && moveOf(row);
  }

  /** Tenants with an open move, oldest first. */
  async openTenants(): Promise<string[]> {
    const rows = await this.database.query<{ tenantId: string }>(
      `select tenant_id as "tenantId" from tenant_move where removed_at is null and undone_at is null
       order by created_at limit 100`,
    );
    return rows.map(({ tenantId }) => tenantId);
  }

  /** All moves of the tenant, newest first. */
  async ofTenant(tenantId: string): Promise<TenantMove[]> {
    const rows = await this.database.query<Row>(`${SELECT} where tenant_id = $1 order by created_at desc limit 50`, [
      tenantId,
    ]);
    return rows.map(moveOf);
  }

  /** @throws NoOpenMove */
  async byId(id: string): Promise<TenantMove> {
    const [row] = await this.database.query<Row>(`${SELECT} where id = $1`, [id]);
    if (!row) throw new NoOpenMove();
    return moveOf(row);
  }

  /** Records that a step was done. The constraints of the table refuse a step whose predecessor is not recorded. */
  async record(move: TenantMove, step: MoveStep): Promise<void> {
    await this.landlord.withoutTenancy(`a tenant is moved: ${step}`, (transaction) =>
      transaction.execute(`update tenant_move set ${step}_at = now(), last_error = null where id = $1`, [move.id]),
    );
  }

  /** From now on the target is where the tenant lives. The step is recorded together with it, or not at all. */
  async switch(move: TenantMove): Promise<void> {
    const { model, cluster, database, schema } = move.target;
    await this.landlord.withoutTenancy(
      `a tenant is moved: switched to ${placeText(move.target)}`,
      async (transaction) => {
        const switched = await transaction.execute(
          'update tenant_move set switched_at = now(), last_error = null where id = $1 and abandoned_at is null',
          [move.id],
        );
        if (switched === 0) throw new NoOpenMove();
        await transaction.execute(
          `update placement set model = $2, cluster = $3, database = $4, schema = $5, version = version + 1, updated_at = now()
         where tenant_id = $1`,
          [move.tenantId, model, cluster, database, schema],
        );
      },
    );
  }

  /** Keeps what the tables were compared by. The constraints refuse figures that differ. */
  async prove(move: TenantMove, source: TableProof, target: TableProof): Promise<void> {
    await this.database.query(
      `insert into tenant_move_table (move_id, name, source_rows, source_checksum, target_rows, target_checksum)
       values ($1, $2, $3, $4, $5, $6) on conflict (move_id, name) do update set source_rows = excluded.source_rows,
       source_checksum = excluded.source_checksum, target_rows = excluded.target_rows,
       target_checksum = excluded.target_checksum, verified_at = now()`,
      [move.id, source.name, source.rows, source.checksum, target.rows, target.checksum],
    );
  }

  /** Gives a move up that has not switched. @throws NoOpenMove */
  async abandon(move: TenantMove): Promise<void> {
    const abandoned = await this.landlord.withoutTenancy('a move of a tenant is abandoned', (transaction) =>
      transaction.execute('update tenant_move set abandoned_at = now() where id = $1 and switched_at is null', [
        move.id,
      ]),
    );
    if (abandoned === 0) throw new NoOpenMove();
  }

  /** Records that nothing is left of a move that was abandoned. */
  async undone(move: TenantMove): Promise<void> {
    await this.database.query('update tenant_move set undone_at = now() where id = $1', [move.id]);
  }

  async recordFailure(move: TenantMove, reason: string): Promise<void> {
    await this.database.query('update tenant_move set last_error = $2 where id = $1', [move.id, reason.slice(0, 500)]);
  }
}

function moveOf({ doneAt, ...row }: Row): TenantMove {
  return { ...row, done: MOVE_STEPS.filter((step) => doneAt[step] !== null) };
}
