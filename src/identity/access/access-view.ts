import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { runInContext, type TenantIdentity } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { logger } from '#libs/telemetry';
import { AccessChangeRows } from './access-changes.repository.js';
import type { KnownChanges } from './known-changes.js';

/** Looked at again in the background from this age on; milliseconds. */
const SETTLED_MS = 250;
/** Nobody is answered by a look that is older; half of the second within which a revocation must hold. */
const FRESH_MS = 500;
/** A primary that does not answer for so long is away; so often it is asked again. */
const PATIENCE_MS = 1_000;
const TENANTS_MAX = 10_000;

interface Look {
  /** When the question was sent. */
  asOf: number;
  changes: KnownChanges | undefined;
  isAway: boolean;
  asking: Promise<void> | undefined;
}

/**
 * What this node knows of recent changes, tenant by tenant: read from the primary at most every quarter of a second, one
 * small query for all sessions of the tenant. Ids of changed users and transactions; nothing of the tenant's data. It
 * holds whatever happens to Redis, on this node or on the one that made a change.
 */
@Injectable()
export class AccessView {
  private readonly looks = new Map<string, Look>();

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly rows: AccessChangeRows,
  ) {}

  /** The changes as of half a second ago or later; undefined when the primary is away: nothing can change there then. */
  async of(tenant: TenantIdentity): Promise<KnownChanges | undefined> {
    const look = this.lookOf(tenant.id);
    const age = Date.now() - look.asOf;
    if (age > SETTLED_MS) {
      const asking = this.ask(tenant, look);
      if (age > FRESH_MS && !look.isAway) await asking;
    }
    return look.isAway ? undefined : look.changes;
  }

  /** This node has made a change: the next one who asks waits for a look that shows it. */
  forget(tenantId: string): void {
    this.looks.delete(tenantId);
  }

  private lookOf(tenantId: string): Look {
    const known = this.looks.get(tenantId);
    if (known) return known;
    if (this.looks.size >= TENANTS_MAX) this.looks.delete(String(this.looks.keys().next().value));
    const look: Look = { asOf: 0, changes: undefined, isAway: false, asking: undefined };
    this.looks.set(tenantId, look);
    return look;
  }

  private async ask(tenant: TenantIdentity, look: Look): Promise<void> {
    if (look.asking) return look.asking;
    if (look.isAway && Date.now() - look.asOf < PATIENCE_MS) return;
    look.asking = this.read(tenant, look).finally(() => (look.asking = undefined));
    return look.asking;
  }

  private async read(tenant: TenantIdentity, look: Look): Promise<void> {
    const asOf = Date.now();
    const patience = new AbortController();
    const tooLong = sleep(PATIENCE_MS, undefined, { signal: patience.signal, ref: false }).then(() => {
      throw new Error('the primary takes too long to answer');
    });
    tooLong.catch(() => undefined);
    try {
      look.changes = await Promise.race([this.recent(tenant), tooLong]);
      look.isAway = false;
    } catch (error) {
      if (!look.isAway) logger().warn({ err: error }, 'changes of access cannot be looked at');
      look.isAway = true;
    } finally {
      patience.abort();
      look.asOf = asOf;
    }
  }

  /** In a context of its own: positions read here concern no request, and no replica may answer. */
  private recent(tenant: TenantIdentity): Promise<KnownChanges> {
    return runInContext({ tenant, unitOfWork: undefined, consistency: undefined }, () =>
      this.unitOfWork.read(() => this.rows.recent(), { primary: true }),
    );
  }
}
