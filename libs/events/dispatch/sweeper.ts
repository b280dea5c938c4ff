import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { DatabaseAddress } from '#libs/database';
import { QueueClients, type QueueName } from '#libs/queues';
import { DISPATCH_OPTIONS, type DispatchOptions } from '../dispatch.options.js';
import { deliveryJobId } from '../processing/delivery-job.js';
import { DatabaseVisits } from './database-visits.js';
import { DispatcherDatabase, TENANT_IS_HERE } from './dispatcher-database.js';
import { PollingLoop } from './polling-loop.js';

interface HandedRow {
  readonly id: string;
  readonly tenantId: string;
  readonly queue: QueueName;
  readonly handovers: number;
  /** As text: a JavaScript date has no microseconds, and this is where the next page begins. */
  readonly handedAt: string;
}

const PAGE_SIZE = 1_000;

const HANDED = `
  select id, tenant_id as "tenantId", queue, handovers, handed_at::text as "handedAt"
  from platform.delivery
  where state = 'handed' and handed_at < clock_timestamp() - make_interval(secs => $1::float8 / 1000)
    and (lease_until is null or lease_until < clock_timestamp())
    and (handed_at, id) > ($2::timestamptz, $3::uuid)
  order by handed_at, id
  limit ${PAGE_SIZE}`;

// What somebody has locked is being worked on. What was handed over again meanwhile is another handover.
const TAKE_BACK = `
  with lost as materialized (
    select d.tenant_id, d.id
    from platform.delivery d
    join jsonb_to_recordset($1::jsonb) as l ("tenantId" uuid, id uuid, handovers integer)
      on d.tenant_id = l."tenantId" and d.id = l.id and d.handovers = l.handovers
    where d.state = 'handed' and (d.lease_until is null or d.lease_until < clock_timestamp()) and ${TENANT_IS_HERE}
    for update of d skip locked
  )
  update platform.delivery d set state = 'pending', due_at = clock_timestamp(), lease_id = null, lease_until = null
  from lost where d.tenant_id = lost.tenant_id and d.id = lost.id`;

/**
 * Finds deliveries that were handed over and whose job is gone: Redis was wiped or lost its last second, or a worker
 * failed without being able to write it down. They become pending again. So Redis may be lost entirely (requirement J7).
 */
@Injectable()
export class Sweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(Sweeper.name);
  private readonly loop: PollingLoop;
  private readonly visits = new DatabaseVisits(Sweeper.name);

  constructor(
    private readonly database: DispatcherDatabase,
    private readonly queues: QueueClients,
    @Inject(DISPATCH_OPTIONS) private readonly options: DispatchOptions,
  ) {
    this.loop = new PollingLoop({
      name: 'sweeper',
      round: () => this.round().then(() => false),
      intervalMs: options.sweepMs,
      logger: this.logger,
    });
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
    await this.visits.end();
  }

  /** Looks at all deliveries in the queues once; tells how many it took back. */
  async round(): Promise<number> {
    const round = await this.visits.round(await this.database.all(), (address) => this.sweep(address));
    const takenBack = round.found;
    if (takenBack > 0) this.logger.warn(`${takenBack} deliveries had lost their job and are handed over again`);
    return takenBack;
  }

  private async sweep(database: DatabaseAddress): Promise<number> {
    let takenBack = 0;
    let after: Pick<HandedRow, 'handedAt' | 'id'> = {
      handedAt: '-infinity',
      id: '00000000-0000-0000-0000-000000000000',
    };
    for (;;) {
      const parameters = [this.options.sweepAfterMs, after.handedAt, after.id];
      const page = await this.database.run(database, (transaction) => transaction.query<HandedRow>(HANDED, parameters));
      const lost = await this.withoutJob(page);
      if (lost.length > 0) takenBack += await this.takeBack(database, lost);
      const last = page.at(-1);
      if (!last || page.length < PAGE_SIZE) return takenBack;
      after = last;
    }
  }

  private async withoutJob(page: readonly HandedRow[]): Promise<HandedRow[]> {
    const lost: HandedRow[] = [];
    for (const [queue, rows] of Map.groupBy(page, (row) => row.queue)) {
      const there = await this.queues.unfinished(queue, rows.map(jobIdOf));
      lost.push(...rows.filter((row) => !there.has(jobIdOf(row))));
    }
    return lost;
  }

  private takeBack(database: DatabaseAddress, lost: readonly HandedRow[]): Promise<number> {
    const rows = JSON.stringify(lost.map(({ tenantId, id, handovers }) => ({ tenantId, id, handovers })));
    return this.database.run(database, (transaction) => transaction.execute(TAKE_BACK, [rows]));
  }
}

function jobIdOf({ id, handovers }: HandedRow): string {
  return deliveryJobId(id, handovers);
}
