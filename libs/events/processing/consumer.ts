import { Injectable, SetMetadata, applyDecorators } from '@nestjs/common';
import type { Subscription } from '../outbox/subscription.js';

/** An event as a consumer gets it. */
export interface DeliveredEvent {
  readonly id: string;
  readonly type: string;
  readonly aggregateType: string;
  readonly aggregateId: string;
  /** Grows with each event of the aggregate; consumers see them in this order. */
  readonly sequence: number;
  /** Written by another capability, maybe by another version of it: parse it with a schema of your own. */
  readonly payload: unknown;
  readonly occurredAt: Date;
  /** Of the request that caused the event. */
  readonly correlationId: string;
}

/** One consumer's copy of an event, while it is being handled. */
export interface Delivery {
  readonly id: string;
  readonly consumer: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Tries until it becomes a dead letter. */
  readonly attemptsMax: number;
  /** Aborted when the queue's timeout is over, the worker shuts down, or another worker took the delivery over. */
  readonly signal: AbortSignal;
  /**
   * External consumers only: marks the delivery done. Call it inside the last unit of work, so that outcome and
   * completion are one transaction.
   * @throws DeliveryLost when another worker has taken over or finished it; the unit of work must then not commit
   * @throws UnitOfWorkRequired outside a unit of work
   */
  complete(): Promise<void>;
  /**
   * Gives the delivery back until `delayMs` have passed, without spending an attempt: the other side is down, or a fact
   * that is needed is not there yet. Inside a unit of work it is part of it; what was written there commits with it.
   * Return from the handler afterwards.
   * @throws DeliveryLost when another worker has taken over or finished it
   */
  defer(delayMs: number): Promise<void>;
}

/**
 * Handles the events of one subscription.
 *
 * A normal consumer runs inside one unit of work of the tenant, which also marks the delivery done: both commit or
 * neither. It may be run again after a deadlock, so it calls nothing outside of the database.
 *
 * A consumer with `external: true` runs outside. It opens its own units of work, and calls {@link Delivery.complete}
 * in the last one. If its worker dies after the outside call, it will be called again: use the other side's idempotency
 * key.
 *
 * What `handle` throws spends an attempt, except failures of our own servers and errors of kind `unavailable`, after
 * which the delivery comes back as often as needed.
 */
export interface EventConsumer {
  handle(event: DeliveredEvent, delivery: Delivery): Promise<void>;
}

/** Metadata key under which a class names the subscription that it handles. */
export const CONSUMER_OF = Symbol('quoin:consumer-of');

/** Marks the class (an {@link EventConsumer}, made by Nest) that handles a subscription. Belongs in `jobs.ts` modules. */
export function Consumer(subscription: Subscription): ClassDecorator {
  return applyDecorators(Injectable(), SetMetadata(CONSUMER_OF, subscription));
}
