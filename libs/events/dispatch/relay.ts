import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import {
  consistencyToken,
  type DatabaseAddress,
  positionOf,
  PRIMARY_READING,
  type PrimaryReading,
  ReplicaRouter,
  type Transaction,
} from '#libs/database';
import { QueueClients, type QueueName } from '#libs/queues';
import { DISPATCH_OPTIONS, type DispatchOptions } from '../dispatch.options.js';
import { deliveryJob } from '../processing/delivery-job.js';
import { DatabaseVisits } from './database-visits.js';
import { DispatcherDatabase, TENANT_IS_HERE } from './dispatcher-database.js';
import { PollingLoop } from './polling-loop.js';

interface DueRow {
  readonly id: string;
  readonly tenantId: string;
  readonly consumer: string;
  readonly queue: QueueName;
  readonly correlationId: string;
  readonly handovers: number;
  readonly state: 'pending' | 'handed';
}

// Deliveries that wait for an earlier event are put off instead of being found again in every round: a quarter of the
// time they have waited already, and for long behind a dead letter, which takes a person to go away.
const HAND_OVER = `
  with due as materialized (
    select d.tenant_id, d.id, d.created_at, (
      select max(case p.state when 'dead' then 2 else 1 end) from platform.delivery p
      where p.tenant_id = d.tenant_id and p.consumer = d.consumer and p.aggregate_type = d.aggregate_type
        and p.aggregate_id = d.aggregate_id and p.sequence < d.sequence and p.completed_at is null
    ) as obstacle
    from platform.delivery d
    where d.state = 'pending' and d.due_at <= now() and ${TENANT_IS_HERE}
    order by d.due_at, d.id
    limit $1
    for update of d skip locked
  )
  update platform.delivery d set
    state = case when due.obstacle is null then 'handed' else 'pending' end,
    handovers = d.handovers + case when due.obstacle is null then 1 else 0 end,
    handed_at = case when due.obstacle is null then clock_timestamp() else d.handed_at end,
    due_at = case due.obstacle
      when 1 then now() + least(interval '1 second', greatest(interval '100 milliseconds', (now() - due.created_at) / 4))
      when 2 then now() + interval '30 seconds'
      else d.due_at end
  from due where d.tenant_id = due.tenant_id and d.id = due.id
  returning d.id, d.tenant_id as "tenantId", d.consumer, d.queue, d.correlation_id as "correlationId", d.handovers, d.state`;

/**
 * Hands pending deliveries to the queues. Several relays share the work: each locks what it takes and skips what others
 * have locked.
 *
 * The jobs are added before the rows are committed. If the commit fails the jobs find their deliveries pending and
 * simply do the work; if Redis fails nothing is committed. So a crash in between loses nothing and needs no repair.
 */
@Injectable()
export class Relay implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly loop: PollingLoop;
  private readonly visits = new DatabaseVisits(Relay.name);

  constructor(
    private readonly database: DispatcherDatabase,
    private readonly queues: QueueClients,
    private readonly router: ReplicaRouter,
    @Inject(DISPATCH_OPTIONS) private readonly options: DispatchOptions,
  ) {
    this.loop = new PollingLoop({
      name: 'relay',
      round: () => this.round(),
      intervalMs: options.relayPollMs,
      logger: new Logger(Relay.name),
    });
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
    await this.visits.end();
  }

  /** Hands over one batch of each tenant database. True when a batch was full, so that there may be more. */
  async round(): Promise<boolean> {
    const { foundMax } = await this.visits.round(await this.database.all(), (address) =>
      this.database.run(address, (transaction) => this.handOver(transaction, address)),
    );
    return foundMax >= this.options.relayBatchSize;
  }

  private async handOver(transaction: Transaction, { cluster }: DatabaseAddress): Promise<number> {
    const [due, [reading]] = await Promise.all([
      transaction.query<DueRow>(HAND_OVER, [this.options.relayBatchSize]),
      this.router.splits(cluster) ? transaction.query<PrimaryReading>(PRIMARY_READING) : [],
    ]);
    // Read after the rows were found, in the same round trip: whatever wrote them is before it.
    const position = reading && positionOf(cluster, reading);
    const token = position && consistencyToken(position);
    const handed = Map.groupBy(
      due.filter(({ state }) => state === 'handed'),
      ({ queue }) => queue,
    );
    await Promise.all(
      [...handed].map(([queue, rows]) =>
        this.queues.add(
          queue,
          rows.map((row) => jobOf(row, token)),
        ),
      ),
    );
    return due.length;
  }
}

function jobOf({ id, tenantId, consumer, correlationId, handovers }: DueRow, position: string | undefined) {
  return deliveryJob({ deliveryId: id, tenantId, consumer, correlationId, ...(position && { position }) }, handovers);
}
