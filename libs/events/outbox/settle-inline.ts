import { currentContext, runInContext } from '#libs/context';
import type { DomainEvent } from './domain-event.js';

/** What was done, and the events that were written on the way. */
export interface Settled<T> {
  readonly result: T;
  /** In the order in which they were written. */
  readonly events: readonly DomainEvent[];
}

/**
 * Inside `work`, events are written with deliveries that are complete already: the caller does the effects itself, in
 * the same transaction (the importer), and is given the events to do so. Nothing is handed to a queue, so no mail and
 * no PDF is made.
 */
export async function settleInline<T>(work: () => Promise<T>): Promise<Settled<T>> {
  const events: DomainEvent[] = [];
  const result = await runInContext({ settledEvents: events }, work);
  return { result, events };
}

/** Whether deliveries written now are complete already. */
export function settlesInline(): boolean {
  return currentContext()?.settledEvents !== undefined;
}

/** Gives events that were written to whoever settles them inline, if anybody does. */
export function handToSettler(events: readonly DomainEvent[]): void {
  (currentContext()?.settledEvents as DomainEvent[] | undefined)?.push(...events);
}
