import { currentContext, runInContext } from '#libs/context';

/**
 * Inside `work`, events are written with deliveries that are complete already: the caller does the effects itself, in
 * the same transaction (the importer). Nothing is handed to a queue, so no mail and no PDF is made.
 */
export function settleInline<T>(work: () => T): T {
  return runInContext({ settledDeliveries: true }, work);
}

/** Whether deliveries written now are complete already. */
export function settlesInline(): boolean {
  return currentContext()?.settledDeliveries ?? false;
}
