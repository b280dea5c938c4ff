import { setTimeout as sleep } from 'node:timers/promises';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import type { JsonObject } from '#libs/kernel';
import { DomainEvent } from '../outbox/domain-event.js';
import { subscription } from '../outbox/subscription.js';
import { Consumer, type DeliveredEvent, type Delivery, type EventConsumer } from '../processing/consumer.js';

/** Something happened to a thing. What the consumers are to do about it is in the payload. */
export class ThingHappened extends DomainEvent {
  static readonly type: string = 'test.thing.happened';
  readonly aggregateType = 'test.thing';

  constructor(thingId: string, payload: JsonObject = {}) {
    super(thingId, payload, new Date('2026-11-20T09:00:00Z'));
  }
}

/** The business table of the specs. It has no constraint that would hide a doubled effect. */
export const EFFECT_TABLE = [
  `create table effect (tenant_id uuid not null, event_id uuid not null, aggregate_id uuid not null,
     sequence bigint not null, consumer text not null, at timestamptz not null default clock_timestamp(),
     number bigint generated always as identity)`,
  'grant select, insert on effect to quoin_app',
];

export const recording = subscription({ consumer: 'test.recording', queue: 'high', events: [ThingHappened.type] });

export const calling = subscription({
  consumer: 'test.calling',
  queue: 'default',
  events: ['test.thing.called'],
  external: true,
});

/** For the external consumer. */
export class ThingCalled extends ThingHappened {
  static override readonly type: string = 'test.thing.called';
}

/** What a spec may make the consumers do, by the id of the event. */
export class Script {
  readonly calls: { eventId: string; sequence: number; attempt: number }[] = [];
  /** Runs in each call before the effect is written. */
  before: (event: DeliveredEvent, delivery: Delivery) => Promise<void> = async () => undefined;
  /** Runs in each call after the effect is written. */
  after: (event: DeliveredEvent, delivery: Delivery) => Promise<void> = async () => undefined;

  reset(): void {
    this.calls.length = 0;
    this.before = async () => undefined;
    this.after = async () => undefined;
  }

  callsFor(eventId: string): number {
    return this.calls.filter((call) => call.eventId === eventId).length;
  }
}

/** Writes one row per event. */
@Consumer(recording)
export class RecordingConsumer implements EventConsumer {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly script: Script,
  ) {}

  async handle(event: DeliveredEvent, delivery: Delivery): Promise<void> {
    this.script.calls.push({ eventId: event.id, sequence: event.sequence, attempt: delivery.attempt });
    const { sleepMs } = event.payload as { sleepMs?: number };
    await this.script.before(event, delivery);
    await writeEffect(this.unitOfWork, event, delivery);
    if (sleepMs !== undefined) await sleep(sleepMs);
    await this.script.after(event, delivery);
  }
}

/** Calls outside (the script), then writes one row and completes in one unit of work. */
@Consumer(calling)
export class CallingConsumer implements EventConsumer {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly script: Script,
  ) {}

  async handle(event: DeliveredEvent, delivery: Delivery): Promise<void> {
    this.script.calls.push({ eventId: event.id, sequence: event.sequence, attempt: delivery.attempt });
    await this.script.before(event, delivery);
    if ((event.payload as { complete?: boolean }).complete === false) return;
    await this.unitOfWork.run(async () => {
      await writeEffect(this.unitOfWork, event, delivery);
      await delivery.complete();
    });
  }
}

async function writeEffect(unitOfWork: UnitOfWork, event: DeliveredEvent, delivery: Delivery): Promise<void> {
  const sql = 'insert into effect (tenant_id, event_id, aggregate_id, sequence, consumer) values ($1, $2, $3, $4, $5)';
  const { id, aggregateId, sequence } = event;
  await unitOfWork.execute(sql, [currentTenant().id, id, aggregateId, sequence, delivery.consumer]);
}
