import { Injectable } from '@nestjs/common';
import type { TenantIdentity } from '#libs/context';
import { DomainError } from '#libs/kernel';
import { counter, logger } from '#libs/telemetry';
import { sqlState } from '../database.errors.js';
import { TenantDatabases } from '../tenant-databases.js';
import type { Transaction, TransactionOptions } from '../transaction.js';
import { currentConsistency } from './consistency.js';
import { ReplicaRouter } from './replica-router.js';
import type { Replica } from './replica.js';
import { lsnOf, positionOf } from './wal-position.js';

const reads = counter('quoin_database_reads_total', 'Reads that replicas might have served, by who was asked', [
  'cluster',
  'source',
]);
const repeats = counter('quoin_replica_repeats_total', 'Reads that a replica failed and the primary did again', [
  'replica',
]);

/** The server may be healthy: the statement is too long for it, as it would be for the primary. */
const STATEMENT_TIMEOUT = '57014';

/**
 * Opens the transactions of units of work, each on a server that may serve it, and learns from their ends how far the running
 * request or job has seen.
 */
@Injectable()
export class TransactionSource {
  constructor(
    private readonly databases: TenantDatabases,
    private readonly router: ReplicaRouter,
  ) {}

  /** The replica that may serve a read of the running request or job; undefined for the primary. */
  replicaFor(tenant: TenantIdentity): Replica | undefined {
    const consistency = currentConsistency();
    if (!consistency?.allowsReplicas) return undefined;
    const { cluster } = tenant.placement;
    if (!this.router.splits(cluster)) return undefined;
    const replica = this.router.choose(tenant, consistency.needed);
    reads.inc({ cluster, source: replica ? 'replica' : 'primary' });
    return replica;
  }

  /** Begins a transaction on the replica, or on the primary. Hand it to {@link ended} however it ends. */
  async begin(
    tenant: TenantIdentity,
    options: Partial<TransactionOptions>,
    replica: Replica | undefined,
  ): Promise<Transaction> {
    const consistency = currentConsistency();
    if (!replica) {
      const tells = consistency && this.router.splits(tenant.placement.cluster) ? 'primary' : undefined;
      return this.databases.begin(tenant, { ...options, tells });
    }
    const position = { tells: 'replica', replayed: consistency?.needed?.lsn } as const;
    try {
      const transaction = await this.databases.begin(tenant, { ...options, ...position }, replica.index);
      replica.enter(transaction);
      return transaction;
    } catch (error) {
      replica.readFailed(error as Error);
      throw error;
    }
  }

  /** Takes down what the end of a transaction told. */
  ended(transaction: Transaction, { placement }: TenantIdentity, replica: Replica | undefined): void {
    const { reading } = transaction;
    const { cluster } = placement;
    if (replica) {
      replica.leave(transaction);
      const lsn = lsnOf(reading?.lsn);
      if (lsn === undefined) return;
      replica.reached(lsn);
      currentConsistency()?.saw({ cluster, timeline: replica.timeline, lsn }, 'replica');
      return;
    }
    const position = reading && positionOf(cluster, reading);
    if (position) currentConsistency()?.saw(position, 'primary');
  }

  /**
   * Whether a read that failed on a replica is to be done again on the primary. Nearly all are: the connection, a conflict with
   * what is being replayed, a table that is not there yet; and a row that was not found may be one that has not come yet.
   */
  isForPrimary(error: unknown, replica: Replica): boolean {
    if (error instanceof DomainError ? error.kind !== 'not_found' : sqlState(error) === STATEMENT_TIMEOUT) return false;
    repeats.inc({ replica: replica.name });
    if (!(error instanceof DomainError))
      logger().debug({ err: error, replica: replica.name }, 'read again on the primary');
    return true;
  }
}
