import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger, type LoggerService, type ModuleMetadata, type Provider } from '@nestjs/common';
import type { TestingModule } from '@nestjs/testing';
import type { TenantIdentity } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { uuidv7 } from '#libs/kernel';
import { QueuesModule } from '#libs/queues';
import { inTenant, tenancySchema } from '#libs/tenancy';
import {
  createTestDatabase,
  registerTenant,
  type TestDatabase,
  testingModule,
  testStack,
  testTenant,
} from '#libs/testing';
import { DISPATCH_DEFAULTS, type DispatchOptions } from '../dispatch.options.js';
import { EventsModule } from '../events.module.js';
import type { DomainEvent } from '../outbox/domain-event.js';
import { Outbox } from '../outbox/outbox.js';
import { ConsumptionModule } from '../processing/consumption.module.js';
import type { DeliveryJob } from '../processing/delivery-job.js';
import { eventsSchema } from '../schema.js';
import { calling, CallingConsumer, EFFECT_TABLE, recording, RecordingConsumer, Script } from './things.js';

/** A row of the specs' business table. */
export interface Effect {
  readonly eventId: string;
  readonly aggregateId: string;
  readonly sequence: number;
}

/** A delivery's row, as far as specs look at it. */
export interface DeliveryRow {
  readonly id: string;
  readonly consumer: string;
  readonly state: string;
  readonly attempts: number;
  readonly handovers: number;
  readonly last_error: string | null;
  readonly due_in_ms: number;
}

/** Quick enough for specs; the defaults are for servers. */
export const QUICK: Partial<DispatchOptions> = {
  relayPollMs: 20,
  sweepMs: 100,
  sweepAfterMs: 300,
  leaseMs: 1_500,
  drainMs: 2_000,
};

/** One spec's database, tenant and processes: an api that writes events, and as many workers as it wants. */
export class EventsStage {
  readonly script = new Script();
  private readonly running = new Set<TestingModule>();

  private constructor(
    readonly database: TestDatabase,
    readonly tenant: TenantIdentity,
    readonly api: TestingModule,
    readonly queues: { readonly url: string; readonly prefix: string },
  ) {
    this.running.add(api);
  }

  /** @param redisUrl default: the shared test server, under a prefix of the spec's own */
  static async set(redisUrl = testStack().redis.queues): Promise<EventsStage> {
    const database = await createTestDatabase([tenancySchema, eventsSchema]);
    for (const statement of EFFECT_TABLE) await database.asOwner(statement);
    const tenant = testTenant(database);
    await registerTenant(database, tenant);
    const queues = { url: redisUrl, prefix: `test-${randomBytes(4).toString('hex')}` };
    const api = await testingModule(database, { imports: writers(queues) });
    return new EventsStage(database, tenant, api, queues);
  }

  /** Starts a worker with all consumers. */
  async worker(options: Partial<DispatchOptions> = {}, providers: Provider[] = []): Promise<TestingModule> {
    const worker = await quietModule(this.database, this.workerModule(options, providers));
    this.running.add(worker);
    return worker;
  }

  private workerModule(options: Partial<DispatchOptions> = {}, providers: Provider[] = []): ModuleMetadata {
    return {
      imports: [...(writers(this.queues) ?? []), EventsModule.forWorker(this.queues, { ...QUICK, ...options })],
      providers: [...this.consumerProviders(), ...providers],
    };
  }

  private consumerProviders(): Provider[] {
    return [{ provide: Script, useValue: this.script }, RecordingConsumer, CallingConsumer];
  }

  /** Consumers without relay and queue: the spec hands them jobs itself. */
  async consumers(providers: Provider[] = []): Promise<TestingModule> {
    const imports = [
      ...(writers(this.queues) ?? []),
      ConsumptionModule.forRoot({ queues: [], ...DISPATCH_DEFAULTS, ...QUICK }),
    ];
    const module = await quietModule(this.database, {
      imports,
      providers: [...this.consumerProviders(), ...providers],
    });
    this.running.add(module);
    return module;
  }

  /** The job that the relay would make of the event's delivery. */
  async job(event: DomainEvent): Promise<DeliveryJob> {
    const { id, consumer } = await this.delivery(event.id);
    return { deliveryId: id, tenantId: this.tenant.id, consumer, correlationId: 'spec' };
  }

  async stop(worker: TestingModule): Promise<void> {
    this.running.delete(worker);
    await worker.close();
  }

  /** Forgets what happened, for the next test. No worker may be running. */
  async reset(): Promise<void> {
    await this.database.asSuperuser(
      'truncate effect, platform.delivery, platform.outbox_event, platform.aggregate_sequence',
    );
    this.script.reset();
  }

  async strike(): Promise<void> {
    for (const module of [...this.running].reverse()) await this.stop(module);
    await this.database.drop();
  }

  /** Runs `work` in one unit of work of the tenant, on the api's side. */
  transaction<T>(work: () => Promise<T>): Promise<T> {
    return inTenant(this.tenant, () => this.api.get(UnitOfWork).run(work));
  }

  /** One SQL statement of the application's role in the open unit of work. */
  async sql(statement: string): Promise<void> {
    await this.api.get(UnitOfWork).execute(statement);
  }

  /** Appends events in one transaction. */
  async happen(...events: DomainEvent[]): Promise<void> {
    await this.transaction(() => this.api.get(Outbox).append(...events));
  }

  /** The same for another tenant. */
  async happenFor(tenant: TenantIdentity, ...events: DomainEvent[]): Promise<void> {
    await inTenant(tenant, () => this.api.get(UnitOfWork).run(() => this.api.get(Outbox).append(...events)));
  }

  /** The effects in the order in which they were written. */
  async effects(): Promise<Effect[]> {
    const sql = 'select event_id, aggregate_id, sequence from effect order by number';
    const rows = await this.database.asSuperuser<{ event_id: string; aggregate_id: string; sequence: string }>(sql);
    return rows.map((row) => ({
      eventId: row.event_id,
      aggregateId: row.aggregate_id,
      sequence: Number(row.sequence),
    }));
  }

  async deliveries(eventId?: string): Promise<DeliveryRow[]> {
    return this.database.asSuperuser<DeliveryRow>(
      `select id, consumer, state, attempts, handovers, last_error,
         extract(epoch from due_at - clock_timestamp())::float8 * 1000 as due_in_ms
       from platform.delivery where $1::uuid is null or event_id = $1 order by sequence, id`,
      [eventId ?? null],
    );
  }

  async delivery(eventId: string): Promise<DeliveryRow> {
    const [row] = await this.deliveries(eventId);
    if (!row) throw new Error(`no delivery of ${eventId}`);
    return row;
  }

  /** Resolves when every delivery is finished or dead. */
  async quiet(timeoutMs = 20_000): Promise<void> {
    await until(async () => {
      const open = await this.database.asSuperuser(
        `select from platform.delivery where state in ('pending', 'handed') limit 1`,
      );
      return open.length === 0;
    }, timeoutMs);
  }
}

/** Waits until `condition` holds. @throws when it does not in time */
export async function until(condition: () => Promise<boolean> | boolean, timeoutMs = 10_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`not within ${timeoutMs} ms: ${condition.toString()}`);
    await sleep(20);
  }
}

const SILENT: LoggerService = { log: () => undefined, warn: () => undefined, error: () => undefined };

/** The failures that specs bring about are not for the log. */
async function quietModule(database: TestDatabase, metadata: ModuleMetadata): Promise<TestingModule> {
  const module = await testingModule(database, metadata);
  Logger.overrideLogger(SILENT);
  return module;
}

/** New ids for things. */
export function thingIds(count: number): string[] {
  return Array.from({ length: count }, () => uuidv7());
}

function writers(queues: { url: string; prefix: string }): ModuleMetadata['imports'] {
  return [EventsModule.forRoot(), QueuesModule.forRoot(queues), EventsModule.subscribe([recording, calling])];
}
