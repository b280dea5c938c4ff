import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { DomainError, type Page } from '#libs/kernel';

/** A delivery whose attempts are used up. */
export interface DeadLetter {
  readonly id: string;
  readonly consumer: string;
  readonly queue: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly aggregateType: string;
  readonly aggregateId: string;
  readonly payload: unknown;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly lastTriedAt: Date;
  readonly correlationId: string;
}

/** There is no dead letter of this id. */
export class DeadLetterNotFound extends DomainError {
  static readonly code = 'dead_letter.not_found';
  static readonly kind = 'not_found';
  constructor(id: string) {
    super(`There is no dead letter ${id}: it was replayed or discarded, or never failed.`, { id });
  }
}

const LIST = `
  select d.id, d.consumer, d.queue, d.event_id as "eventId", e.type as "eventType", d.aggregate_type as "aggregateType",
    d.aggregate_id as "aggregateId", e.payload, d.attempts, d.last_error as "lastError", d.handed_at as "lastTriedAt",
    d.correlation_id as "correlationId"
  from platform.delivery d
  join platform.outbox_event e on e.tenant_id = d.tenant_id and e.id = d.event_id
  where d.tenant_id = $1 and d.state = 'dead' and d.id > $2::uuid
  order by d.id
  limit $3`;

const REPLAY = `
  update platform.delivery set state = 'pending', attempts = 0, due_at = clock_timestamp()
  where tenant_id = $1 and id = $2 and state = 'dead'`;

const DISCARD = `
  update platform.delivery set state = 'discarded', completed_at = clock_timestamp()
  where tenant_id = $1 and id = $2 and state = 'dead'`;

// They were put off for long while the dead letter was in their way.
const WAKE_FOLLOWERS = `
  update platform.delivery f set due_at = clock_timestamp()
  from platform.delivery d
  where d.tenant_id = $1 and d.id = $2 and f.tenant_id = d.tenant_id and f.consumer = d.consumer
    and f.aggregate_type = d.aggregate_type and f.aggregate_id = d.aggregate_id and f.sequence > d.sequence
    and f.completed_at is null and f.state = 'pending' and f.due_at > clock_timestamp()`;

const START = '00000000-0000-0000-0000-000000000000';

/** The dead letters of the current tenant, for operators (requirement C2). Later events of an aggregate wait for them. */
@Injectable()
export class DeadLetters {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Oldest first. @param after the `nextCursor` of the page before */
  async list(limit = 50, after: string = START): Promise<Page<DeadLetter>> {
    const items = await this.unitOfWork.read(() =>
      this.unitOfWork.query<DeadLetter>(LIST, [currentTenant().id, after, limit]),
    );
    return { items, nextCursor: items.length === limit ? (items.at(-1)?.id ?? null) : null };
  }

  /** Tries it again from its first attempt. @throws DeadLetterNotFound */
  async replay(id: string): Promise<void> {
    await this.change(REPLAY, id);
  }

  /** Gives it up: its effect will never be. @throws DeadLetterNotFound */
  async discard(id: string): Promise<void> {
    await this.change(DISCARD, id);
  }

  private async change(sql: string, id: string): Promise<void> {
    const parameters = [currentTenant().id, id];
    await this.unitOfWork.run(async () => {
      if ((await this.unitOfWork.execute(sql, parameters)) === 0) throw new DeadLetterNotFound(id);
      await this.unitOfWork.execute(WAKE_FOLLOWERS, parameters);
    });
  }
}
