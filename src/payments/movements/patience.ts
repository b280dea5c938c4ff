import type { Delivery } from '#libs/events';
import { MovementNeverEnds } from './movement.errors.js';
import type { ProviderMovement } from './provider-movement.entity.js';

/** About a day and a half at the longest pause; then the delivery spends its attempts. */
const ASKS_MAX = 450;
const PAUSE_MAX_MS = 300_000;

/** When to ask again: after 1, 2, 4 … seconds, five minutes at most. */
export function pauseMs(asks: number): number {
  return Math.min(1_000 * 2 ** (Math.min(asks, 20) - 1), PAUSE_MAX_MS);
}

/** Nobody is patient for ever. */
export function isOutOfPatience(asks: number): boolean {
  return asks > ASKS_MAX;
}

/** Completes the delivery of what has an end, and gives back what has none, in the open unit of work. */
export async function completeOrDefer(movement: ProviderMovement, delivery: Delivery): Promise<void> {
  if (movement.isSettled) await delivery.complete();
  else if (!isOutOfPatience(movement.asks)) await delivery.defer(pauseMs(movement.asks));
}

/** After the unit of work: what was asked about too often. @throws MovementNeverEnds */
export function requirePatience(noun: string, { id, asks, isSettled }: ProviderMovement): void {
  if (!isSettled && isOutOfPatience(asks)) throw new MovementNeverEnds(noun, id, asks);
}
