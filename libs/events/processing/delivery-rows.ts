import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { UNFINISHED_PREDECESSOR } from '../outbox/delivery-order.js';
import type { DeliveredEvent } from './consumer.js';

/** A delivery as its row says, and what that means for whoever wants to work on it. */
export interface ClaimedDelivery {
  readonly id: string;
  readonly consumer: string;
  readonly attempts: number;
  readonly handovers: number;
  /**
   * `free`: work on it. `finished`: done, dead or discarded. `early`: its time has not come, the relay will bring it
   * again. `blocked`: an earlier event of the aggregate is not done. `leased`: another worker is calling outside for it.
   */
  readonly verdict: 'free' | 'finished' | 'early' | 'blocked' | 'leased';
  /** The lease on the row, maybe one that has run out. Changes to the row name it. */
  readonly leaseId: string | null;
  readonly event: DeliveredEvent;
}

interface EventColumns extends Omit<DeliveredEvent, 'id' | 'sequence'> {
  readonly eventId: string;
  /** bigint, which pg gives as text. */
  readonly sequence: string;
}

type ClaimRow = Omit<ClaimedDelivery, 'event'> & EventColumns;

// clock_timestamp(), because the transaction may have begun long before the row's lock was free.
const CLAIM = `
  select d.id, d.consumer, d.attempts, d.handovers, d.lease_id as "leaseId",
    case
      when d.state in ('done', 'dead', 'discarded') then 'finished'
      when d.state = 'pending' and d.due_at > clock_timestamp() then 'early'
      when d.lease_until > clock_timestamp() then 'leased'
      when ${UNFINISHED_PREDECESSOR} then 'blocked'
      else 'free'
    end as verdict,
    e.id as "eventId", e.type, e.aggregate_type as "aggregateType", e.aggregate_id as "aggregateId", e.sequence,
    e.payload, e.occurred_at as "occurredAt", e.correlation_id as "correlationId"
  from platform.delivery d
  join platform.outbox_event e on e.tenant_id = d.tenant_id and e.id = d.event_id
  where d.tenant_id = $1 and d.id = $2
  for update of d`;

const COMPLETE = `
  update platform.delivery
  set state = 'done', completed_at = clock_timestamp(), last_error = null, lease_id = null, lease_until = null
  where tenant_id = $1 and id = $2 and state in ('pending', 'handed') and lease_id is not distinct from $3::uuid`;

const POSTPONE = `
  update platform.delivery
  set state = 'pending', due_at = clock_timestamp() + make_interval(secs => $4::float8 / 1000),
    last_error = coalesce($5::text, last_error), lease_id = null, lease_until = null
  where tenant_id = $1 and id = $2 and state in ('pending', 'handed') and lease_id is not distinct from $3::uuid`;

const FAIL = `
  update platform.delivery
  set attempts = attempts + 1, last_error = $4, lease_id = null, lease_until = null,
    state = case when $5::float8 is null then 'dead' else 'pending' end,
    due_at = clock_timestamp() + make_interval(secs => coalesce($5::float8, 0) / 1000)
  where tenant_id = $1 and id = $2 and state in ('pending', 'handed') and lease_id is not distinct from $3::uuid`;

const LEASE = `
  update platform.delivery
  set state = 'handed', handed_at = coalesce(handed_at, clock_timestamp()), lease_id = $3,
    lease_until = clock_timestamp() + make_interval(secs => $4::float8 / 1000)
  where tenant_id = $1 and id = $2`;

const RENEW = `
  update platform.delivery set lease_until = clock_timestamp() + make_interval(secs => $4::float8 / 1000)
  where tenant_id = $1 and id = $2 and lease_id = $3`;

/** What is kept of an error's message. */
const ERROR_LENGTH_MAX = 2_000;

/**
 * The deliveries of the current tenant, row by row. Every method works inside a unit of work. Those that take a lease
 * change nothing, and answer false, when the delivery is finished or the lease is another's: a stale writer is refused.
 */
@Injectable()
export class DeliveryRows {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Locks the delivery until the unit of work ends and reads it with its event; undefined when there is none. */
  async claim(id: string): Promise<ClaimedDelivery | undefined> {
    const [row] = await this.unitOfWork.query<ClaimRow>(CLAIM, [currentTenant().id, id]);
    if (!row) return undefined;
    const { consumer, attempts, handovers, verdict, leaseId, ...event } = row;
    return { id, consumer, attempts, handovers, verdict, leaseId, event: eventOf(event) };
  }

  /** Marks it done. */
  async complete(id: string, leaseId: string | null): Promise<boolean> {
    return this.change(COMPLETE, [currentTenant().id, id, leaseId]);
  }

  /** Makes it pending again, due after `delayMs`; no attempt is spent. */
  async postpone(id: string, leaseId: string | null, delayMs: number, error?: string): Promise<boolean> {
    return this.change(POSTPONE, [currentTenant().id, id, leaseId, delayMs, error?.slice(0, ERROR_LENGTH_MAX) ?? null]);
  }

  /** Spends an attempt: pending again after `delayMs`, or dead when there is none. */
  async fail(id: string, leaseId: string | null, error: string, delayMs: number | null): Promise<boolean> {
    return this.change(FAIL, [currentTenant().id, id, leaseId, error.slice(0, ERROR_LENGTH_MAX), delayMs]);
  }

  /** Takes a lease on a delivery that was claimed in this unit of work: others keep off it for `leaseMs`. */
  async lease(id: string, leaseId: string, leaseMs: number): Promise<void> {
    await this.change(LEASE, [currentTenant().id, id, leaseId, leaseMs]);
  }

  /** Makes the lease last for `leaseMs` from now. */
  async renew(id: string, leaseId: string, leaseMs: number): Promise<boolean> {
    return this.change(RENEW, [currentTenant().id, id, leaseId, leaseMs]);
  }

  /** Whether the delivery is still under this lease, run out or not. */
  async isLeased(id: string, leaseId: string): Promise<boolean> {
    const sql = 'select from platform.delivery where tenant_id = $1 and id = $2 and lease_id = $3';
    return (await this.unitOfWork.execute(sql, [currentTenant().id, id, leaseId])) === 1;
  }

  private async change(sql: string, parameters: readonly unknown[]): Promise<boolean> {
    return (await this.unitOfWork.execute(sql, parameters)) === 1;
  }
}

function eventOf(row: EventColumns): DeliveredEvent {
  const { eventId, sequence, type, aggregateType, aggregateId, payload, occurredAt, correlationId } = row;
  const order = { aggregateType, aggregateId, sequence: Number(sequence) };
  return { id: eventId, type, ...order, payload, occurredAt, correlationId };
}
