import { Injectable } from '@nestjs/common';
import type { TenantIdentity } from '#libs/context';
import {
  type MoveRun,
  type PlacementWishes,
  TenantDatabaseResolver,
  TenantDirectory,
  type TenantMove,
  TenantMover,
  TenantMoves,
} from '#libs/tenancy';
import { TenantNotOpen } from './landlord-tenant.errors.js';

/** Moves a tenant to another cluster, database or isolation model. */
@Injectable()
export class MoveTenant {
  constructor(
    private readonly directory: TenantDirectory,
    private readonly resolver: TenantDatabaseResolver,
    private readonly mover: TenantMover,
    private readonly moves: TenantMoves,
  ) {}

  /**
   * Writes down where the tenant is to go; what is not wished for stays as it is. A process with the owner's login does it: see
   * {@link finish}. The same wish again gives the same move.
   * @throws TenantUnknown, TenantNotOpen, NoPlaceForTenant, MovedAlready, MoveUnderWay
   */
  async plan(slug: string, wishes: PlacementWishes): Promise<TenantMove> {
    const tenant = await this.tenant(slug);
    if (tenant.status === 'provisioning') throw new TenantNotOpen(slug);
    const { model, cluster } = tenant.placement;
    const target = await this.resolver.placementForTenant(tenant.id, { model, cluster, ...wishes });
    return this.mover.plan(tenant, target);
  }

  /** Does what is left of the open move. @throws NoOpenMove, WorkUnderWay, MoveNotVerified, PlacesDiffer */
  async finish(slug: string, run: MoveRun = {}): Promise<TenantMove> {
    return this.mover.finish((await this.tenant(slug)).id, run);
  }

  /** Gives up a move that has not switched. @throws NoOpenMove */
  async abandon(slug: string): Promise<void> {
    await this.mover.abandon((await this.tenant(slug)).id);
  }

  /** All moves of the tenant, newest first. @throws TenantUnknown */
  async of(slug: string): Promise<TenantMove[]> {
    return this.moves.ofTenant((await this.tenant(slug)).id);
  }

  private tenant(slug: string): Promise<TenantIdentity> {
    this.directory.forget();
    return this.directory.bySlug(slug);
  }
}
