/** The most that is moved at once, minor units: what the providers take, and far below 2^53. */
export const AMOUNT_MINOR_MAX = 1_000_000_000_000n;

/** Whether a provider can move so much: minor units. */
export function isMovable(amountMinor: bigint): boolean {
  return amountMinor > 0n && amountMinor <= AMOUNT_MINOR_MAX;
}
