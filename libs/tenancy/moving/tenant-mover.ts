import { Injectable } from '@nestjs/common';
import type { Placement, TenantIdentity } from '#libs/context';
import { LandlordDatabase, WorkUnderWay } from '#libs/database';
import { OwnerLoginMissing, placeText, TenantPlaces } from '../places/tenant-places.js';
import { TenantDirectory } from '../tenant-directory.js';
import { MovedAlready, MoveUnderWay, NoOpenMove } from './move.errors.js';
import { MoveMethod, type MoveOptions } from './move-method.js';
import { MOVE_STEPS, type MoveStep, type TenantMove, TenantMoves } from './tenant-moves.repository.js';

/** How a move is done, and who is told. */
export interface MoveRun extends MoveOptions {
  /** Told when a step begins and when it is recorded. */
  readonly onStep?: (step: MoveStep, state: 'begins' | 'done') => void;
}

/** Moves tenants between places, one step after the other. What was broken off anywhere is taken up where it stopped. */
@Injectable()
export class TenantMover {
  constructor(
    private readonly moves: TenantMoves,
    private readonly method: MoveMethod,
    private readonly places: TenantPlaces,
    private readonly landlord: LandlordDatabase,
    private readonly directory: TenantDirectory,
  ) {}

  /** Writes the move down; {@link finish} does it. @throws MovedAlready, MoveUnderWay to another place */
  async plan(tenant: TenantIdentity, target: Placement): Promise<TenantMove> {
    const open = await this.moves.open(tenant.id);
    if (open && placeText(open.target) === placeText(target)) return open;
    if (open) throw new MoveUnderWay(placeText(open.target));
    if (placeText(tenant.placement) === placeText(target)) throw new MovedAlready(placeText(target));
    return this.moves.plan(tenant.id, tenant.placement, target);
  }

  /**
   * Does what is left of the open move. Resolves only when every step is recorded, which the landlord's constraints allow in
   * order alone.
   * @throws NoOpenMove; WorkUnderWay when another process is at it; OwnerLoginMissing
   */
  async finish(tenantId: string, run: MoveRun = {}): Promise<TenantMove> {
    if (!this.places.canMake) throw new OwnerLoginMissing();
    return this.alone(tenantId, async () => {
      const open = await this.moves.open(tenantId);
      if (!open || open.abandonedAt) throw new NoOpenMove();
      try {
        return await this.run(open, run);
      } catch (error) {
        await this.moves.recordFailure(open, String(error));
        throw error;
      }
    });
  }

  /** Gives up a move that has not switched: writes are let through again where they were. @throws NoOpenMove */
  async abandon(tenantId: string): Promise<void> {
    if (!this.places.canMake) throw new OwnerLoginMissing();
    await this.alone(tenantId, async () => {
      const open = await this.moves.open(tenantId);
      if (!open) throw new NoOpenMove();
      // From here on nobody goes on with it: what its steps did is about to be undone.
      await this.moves.abandon(open);
      await this.method.undo(open);
      await this.moves.undone(open);
    });
  }

  private async run(open: TenantMove, { onStep, ...options }: MoveRun): Promise<TenantMove> {
    let move = open;
    for (const step of MOVE_STEPS) {
      if (move.done.includes(step)) continue;
      onStep?.(step, 'begins');
      await this.method.steps[step](move, options);
      // The switch records itself, together with the placement.
      if (step !== 'switched') await this.moves.record(move, step);
      if (step === 'switched') this.directory.forget();
      onStep?.(step, 'done');
      move = await this.moves.byId(move.id);
    }
    return move;
  }

  /** As ExclusiveWork does it, at the landlord: whoever dies gives the lock back. */
  private async alone<T>(tenantId: string, work: () => Promise<T>): Promise<T> {
    const runner = (await this.landlord.dataSource()).createQueryRunner('master');
    try {
      await runner.query('begin');
      await runner.query('set local idle_in_transaction_session_timeout = 0');
      const answer = (await runner.query('select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as taken', [
        `move ${tenantId}`,
      ])) as { taken: boolean }[];
      if (!answer[0]?.taken) throw new WorkUnderWay('move');
      return await work();
    } finally {
      // A connection that is gone has given the lock back by itself, and what the work came to stands.
      await runner.query('rollback').catch(() => undefined);
      await runner.release();
    }
  }
}
