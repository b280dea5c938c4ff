import { currentContext, runInContext } from '#libs/context';
import type { DomainEvent } from './domain-event.js';

/** What was done, and the events that came of it. */
export interface Settled<T> {
  readonly result: T;
  /** In the order in which they came. */
  readonly events: readonly DomainEvent[];
}

/** Runs `work` so that events are collected and not written yet. Owned by {@link Outbox}. */
export async function collectEvents<T>(work: () => Promise<T>): Promise<Settled<T>> {
  const events: DomainEvent[] = [];
  const result = await runInContext({ settledEvents: events }, work);
  return { result, events };
}

/** Where events are being collected; undefined where they are to be written at once. */
export function collectedEvents(): DomainEvent[] | undefined {
  return currentContext()?.settledEvents as DomainEvent[] | undefined;
}
