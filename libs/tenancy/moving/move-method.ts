import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import type { Placement } from '#libs/context';
import { LOOKUP_FRESH_MS } from '#libs/database';
import { TenantPlaces } from '../places/tenant-places.js';
import { MoveNotVerified } from './move.errors.js';
import { awaitDispatch, awaitLeases, awaitWriters, openGate, setGate } from './tenant-gates.js';
import { type MoveStep, type TenantMove, TenantMoves } from './tenant-moves.repository.js';
import {
  copyRows,
  pairs,
  proofOf,
  removeRows,
  settleForCopying,
  type TenantTable,
  tenantTables,
} from './tenant-tables.js';

/** How a move is done. */
export interface MoveOptions {
  /** What was left at the source is removed this long after the switch; milliseconds. Default: a minute. */
  readonly keepSourceMs?: number;
}

const KEEP_SOURCE_MS = 60_000;

/** Every process has asked the landlord anew after this; milliseconds. */
const DIRECTORIES_KNOW_MS = LOOKUP_FRESH_MS * 1.5;

/**
 * The work of each step of a move. Every step may be done again after it was broken off anywhere. Another way of moving (one
 * that follows the writes instead of pausing them) is another class with the same steps.
 */
export abstract class MoveMethod {
  abstract readonly steps: Readonly<Record<MoveStep, (move: TenantMove, options: MoveOptions) => Promise<void>>>;

  /** Undoes what the steps before the switch did. */
  abstract undo(move: TenantMove): Promise<void>;
}

/** Copies while writes of the tenant are refused with 503. Reads go on; other tenants notice nothing. */
@Injectable()
export class PausedCopy extends MoveMethod {
  override readonly steps = {
    prepared: (move: TenantMove) => this.places.prepare(move.target),
    paused: (move: TenantMove) => this.pause(move),
    copied: (move: TenantMove) => this.copy(move),
    verified: (move: TenantMove) => this.verify(move),
    switched: (move: TenantMove) => this.moves.switch(move),
    resumed: (move: TenantMove) => this.resume(move),
    removed: (move: TenantMove, options: MoveOptions) => this.removeSource(move, options),
  };

  constructor(
    private readonly places: TenantPlaces,
    private readonly moves: TenantMoves,
  ) {
    super();
  }

  override async undo({ tenantId, source, target }: TenantMove): Promise<void> {
    await this.clear(tenantId, target, source).catch((error: unknown) => {
      // A target that was never made holds nothing.
      if (!isAbsent(error)) throw error;
    });
    await this.at(source, (client) => openGate(client, tenantId, source.schema));
  }

  private async pause({ tenantId, source, target }: TenantMove): Promise<void> {
    await this.at(source, async (client) => {
      await setGate(client, tenantId, source.schema, 'draining');
      await awaitDispatch(client);
      await awaitLeases(client, tenantId);
      await setGate(client, tenantId, source.schema, 'paused');
      await awaitWriters(client, tenantId, source.schema);
    });
    // Nobody writes there before every process knows that the tenant lives there.
    await this.at(target, (client) => setGate(client, tenantId, target.schema, 'paused'));
  }

  private async copy({ tenantId, source, target }: TenantMove): Promise<void> {
    await this.withTables(source, target, async (from, to, tables) => {
      await removeRows(
        to,
        tenantId,
        tables.map((pair) => pair.target),
      );
      for (const pair of tables) {
        await copyRows({ client: from, table: pair.source }, { client: to, table: pair.target }, tenantId);
      }
      await to.query(`analyze ${tables.map((pair) => `${pair.target.schema}.${pair.target.name}`).join(', ')}`);
    });
  }

  private async verify(move: TenantMove): Promise<void> {
    const { tenantId, source, target } = move;
    await this.withTables(source, target, async (from, to, tables) => {
      for (const pair of tables) {
        const { columns } = pair.target;
        const [there, here] = await Promise.all([
          proofOf(from, pair.source, columns, tenantId),
          proofOf(to, pair.target, columns, tenantId),
        ]);
        if (there.rows !== here.rows || there.checksum !== here.checksum) {
          throw new MoveNotVerified(there.name, `${there.rows} rows`, `${here.rows} rows`);
        }
        await this.moves.prove(move, there, here);
      }
    });
  }

  private async resume({ tenantId, source, target, switchedAt }: TenantMove): Promise<void> {
    await until(switchedAt, DIRECTORIES_KNOW_MS);
    const state = isSameDatabase(source, target) ? 'left' : 'gone';
    await this.at(source, (client) => setGate(client, tenantId, source.schema, state));
    await this.at(target, (client) => openGate(client, tenantId, target.schema));
  }

  private async removeSource(move: TenantMove, { keepSourceMs = KEEP_SOURCE_MS }: MoveOptions): Promise<void> {
    await until(move.switchedAt, keepSourceMs);
    await this.clear(move.tenantId, move.source, move.target);
  }

  /** Removes what the tenant has at a place, and the place when it was the tenant's own. `other` is where it lives. */
  private async clear(tenantId: string, place: Placement, other: Placement): Promise<void> {
    if (place.model === 'database') return this.places.remove(place);
    const shared = isSameDatabase(place, other) ? [] : ['platform'];
    await this.at(place, async (client) => {
      await settleForCopying(client);
      const own = place.model === 'schema' ? [] : [place.schema];
      await removeRows(client, tenantId, await tenantTables(client, [...own, ...shared]));
    });
    if (place.model === 'schema') await this.places.remove(place);
  }

  private at<T>(place: Placement, work: (client: pg.Client) => Promise<T>): Promise<T> {
    return this.places.session(place, work);
  }

  private async withTables(
    source: Placement,
    target: Placement,
    work: (from: pg.Client, to: pg.Client, tables: { source: TenantTable; target: TenantTable }[]) => Promise<void>,
  ): Promise<void> {
    // The work plane is there once per database: within one it stays where it is.
    const platform = isSameDatabase(source, target) ? [] : ['platform'];
    await this.at(source, (from) =>
      this.at(target, async (to) => {
        await Promise.all([settleForCopying(from), settleForCopying(to)]);
        const sources = await tenantTables(from, [source.schema, ...platform]);
        const targets = await tenantTables(to, [target.schema, ...platform]);
        await work(from, to, pairs(sources, targets));
      }),
    );
  }
}

function isSameDatabase(a: Placement, b: Placement): boolean {
  return a.cluster === b.cluster && a.database === b.database;
}

/** No such database, no such schema. */
function isAbsent(error: unknown): boolean {
  return ['3D000', '3F000'].includes((error as { code?: string }).code ?? '');
}

async function until(since: Date | null, afterMs: number): Promise<void> {
  if (!since) throw new Error('the move has not switched yet');
  const remaining = since.getTime() + afterMs - Date.now();
  if (remaining > 0) await sleep(remaining);
}
