import { Injectable } from '@nestjs/common';
import { currentContext, currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { uuidv7 } from '#libs/kernel';
import type { DomainEvent } from './domain-event.js';
import { collectedEvents, collectEvents, type Settled } from './settle-inline.js';
import { SubscriptionRegistry } from './subscription-registry.js';

// Counters are taken in one order by everybody, so that two transactions cannot each wait for the other's.
const APPEND = `
  with event as (
    select *, row_number() over (partition by aggregate_type, aggregate_id order by ordinal) as place
    from json_to_recordset($2::json) as e (
      ordinal integer, id uuid, type text, aggregate_type text, aggregate_id uuid, payload jsonb, occurred_at timestamptz,
      effect_key text)
  ), counted as (
    insert into platform.aggregate_sequence as s (tenant_id, aggregate_type, aggregate_id, last)
    select $1::uuid, aggregate_type, aggregate_id, count(*) from event
    group by aggregate_type, aggregate_id order by aggregate_type, aggregate_id
    on conflict (tenant_id, aggregate_type, aggregate_id) do update set last = s.last + excluded.last
    returning aggregate_type, aggregate_id, last
  ), written as (
    insert into platform.outbox_event
      (tenant_id, id, type, aggregate_type, aggregate_id, sequence, payload, occurred_at, correlation_id, effect_key)
    select $1::uuid, e.id, e.type, e.aggregate_type, e.aggregate_id,
      c.last - count(*) over (partition by e.aggregate_type, e.aggregate_id) + e.place,
      e.payload, e.occurred_at, $4::text, e.effect_key
    from event e join counted c using (aggregate_type, aggregate_id)
    returning id, aggregate_type, aggregate_id, sequence
  )
  insert into platform.delivery
    (tenant_id, id, event_id, consumer, queue, aggregate_type, aggregate_id, sequence, state, completed_at, correlation_id)
  select $1::uuid, d.id, w.id, d.consumer, d.queue, w.aggregate_type, w.aggregate_id, w.sequence,
    case when $5::boolean then 'done' else 'pending' end, case when $5::boolean then now() end, $4::text
  from json_to_recordset($3::json) as d (id uuid, event_id uuid, consumer text, queue text)
  join written w on w.id = d.event_id`;

// The same for one event, which is nearly always: without the windows and the JSON tables it is planned and carried out in half
// the time.
const APPEND_ONE = `
  with counted as (
    insert into platform.aggregate_sequence as s (tenant_id, aggregate_type, aggregate_id, last)
    values ($1::uuid, $2, $3::uuid, 1)
    on conflict (tenant_id, aggregate_type, aggregate_id) do update set last = s.last + 1
    returning last
  ), written as (
    insert into platform.outbox_event
      (tenant_id, id, type, aggregate_type, aggregate_id, sequence, payload, occurred_at, correlation_id, effect_key)
    select $1::uuid, $4::uuid, $5, $2, $3::uuid, last, $6::jsonb, $7::timestamptz, $8, $13::text from counted
    returning id, sequence
  )
  insert into platform.delivery
    (tenant_id, id, event_id, consumer, queue, aggregate_type, aggregate_id, sequence, state, completed_at, correlation_id)
  select $1::uuid, d.id, w.id, d.consumer, d.queue, $2, $3::uuid, w.sequence,
    case when $12::boolean then 'done' else 'pending' end, case when $12::boolean then now() end, $8
  from written w, unnest($9::uuid[], $10::text[], $11::text[]) as d (id, consumer, queue)`;

/**
 * Writes events where the change they tell of is written: in the same transaction (requirement J7). With them goes one
 * delivery per subscribed consumer; the relay hands those to the queues after the commit.
 */
@Injectable()
export class Outbox {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly subscriptions: SubscriptionRegistry,
  ) {}

  /**
   * Writes any number of events in one statement, in the given order. Each gets the next sequence of its aggregate; the
   * aggregate's counter stays locked until the transaction ends, so sequences are in the order of the commits.
   * @throws UnitOfWorkRequired outside a unit of work
   */
  async append(...events: readonly DomainEvent[]): Promise<void> {
    const collected = collectedEvents();
    if (collected) collected.push(...events);
    else this.write(events, false);
  }

  /**
   * Inside `work`, events get deliveries that are complete already: the caller does the effects itself, in the same
   * transaction (the importer), and is given the events to do so. Nothing is handed to a queue, so no mail and no PDF is
   * made. All events are written together, in one statement, when `work` is done.
   * @throws UnitOfWorkRequired outside a unit of work
   */
  async settleInline<T>(work: () => Promise<T>): Promise<Settled<T>> {
    const settled = await collectEvents(work);
    this.write(settled.events, true);
    return settled;
  }

  private write(events: readonly DomainEvent[], settled: boolean): void {
    const [event] = events;
    if (!event) return;
    this.unitOfWork.born(events.map(({ id }) => id));
    const written = events.length === 1 ? this.writeOne(event, settled) : this.writeAll(events, settled);
    this.unitOfWork.inBackground(written);
  }

  private writeAll(events: readonly DomainEvent[], settled: boolean): Promise<unknown> {
    return this.unitOfWork.execute(APPEND, [
      currentTenant().id,
      JSON.stringify(events.map(eventRow)),
      JSON.stringify(events.flatMap((event) => this.deliveryRows(event))),
      currentContext()?.correlationId ?? 'none',
      settled,
    ]);
  }

  private writeOne(event: DomainEvent, settled: boolean): Promise<unknown> {
    const { id, type, aggregateType, aggregateId, payload, occurredAt, effectKey } = event;
    const subscribers = this.subscriptions.subscribersOf(type);
    return this.unitOfWork.execute(APPEND_ONE, [
      currentTenant().id,
      aggregateType,
      aggregateId,
      id,
      type,
      JSON.stringify(payload),
      occurredAt,
      currentContext()?.correlationId ?? 'none',
      subscribers.map(() => uuidv7()),
      subscribers.map(({ consumer }) => consumer),
      subscribers.map(({ queue }) => queue),
      settled,
      effectKey ?? null,
    ]);
  }

  private deliveryRows(event: DomainEvent): object[] {
    const subscribers = this.subscriptions.subscribersOf(event.type);
    return subscribers.map(({ consumer, queue }) => ({ id: uuidv7(), event_id: event.id, consumer, queue }));
  }
}

function eventRow(event: DomainEvent, ordinal: number): object {
  const { id, type, aggregateType, aggregateId, payload, occurredAt, effectKey } = event;
  return {
    ordinal,
    id,
    type,
    aggregate_type: aggregateType,
    aggregate_id: aggregateId,
    payload,
    occurred_at: occurredAt,
    effect_key: effectKey,
  };
}
