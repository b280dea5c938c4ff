import { Injectable } from '@nestjs/common';
import type { DatabaseAddress } from '#libs/database';
import { DispatcherDatabase } from './dispatcher-database.js';

/** Unfinished deliveries of one queue, over all tenants. */
export interface Backlog {
  readonly queue: string;
  /** Not handed over yet: new, waiting for an earlier event or for their next attempt, or Redis is away. */
  readonly pending: number;
  /** Handed to the queue. */
  readonly handed: number;
  /** Dead letters: somebody has to look at them. */
  readonly dead: number;
}

const COUNT = `
  select queue,
    count(*) filter (where state = 'pending')::integer as pending,
    count(*) filter (where state = 'handed')::integer as handed,
    count(*) filter (where state = 'dead')::integer as dead
  from platform.delivery where completed_at is null group by queue order by queue`;

/** How far behind the consumers are, for health pages and operators. The truth, where a queue's depth is transport. */
@Injectable()
export class DeliveryBacklog {
  constructor(private readonly database: DispatcherDatabase) {}

  /** One row per queue that has unfinished deliveries in the given tenant database. */
  async read(database: DatabaseAddress): Promise<Backlog[]> {
    return this.database.run(database, (transaction) => transaction.query<Backlog>(COUNT));
  }
}
