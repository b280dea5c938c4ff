/** The window that limits are counted in. */
export const WINDOW_MS = 60_000;

/** Parts that the window is counted in: one a second. */
export const BUCKETS = 60;

/** Width of one part. */
export const BUCKET_MS = WINDOW_MS / BUCKETS;

/** What one request is counted under. */
export interface Limit {
  readonly key: string;
  /** Requests that may pass in any minute; at least 1. */
  readonly limit: number;
}

/** What a limiter says about one request and the tightest of its limits: the one with the least room left. */
export interface RateDecision {
  readonly allowed: boolean;
  /** Position of the tightest limit among those that were asked about. */
  readonly tightest: number;
  /** Requests that its window still has room for, this one deducted; at least 0. */
  readonly remaining: number;
  /** When it was counted, by the clock that counts; milliseconds of Unix time. */
  readonly atMs: number;
  /** Until there is room for one more than now, under all limits that are exhausted; milliseconds, at least 1. */
  readonly resetAfterMs: number;
}

/**
 * Counts requests in sliding windows of a minute. No stretch of 60 s, wherever it begins, ever holds more than `limit`
 * allowed requests of a key. A request passes when all of its limits have room, and is then counted under each; refused,
 * it is counted under none: whoever is over a limit is not kept out for longer by asking again, and what one limit refuses
 * does not use up another.
 */
export abstract class RateLimiter {
  /** @param limits at least one, all of one tenant (one hash tag) */
  abstract hit(limits: readonly Limit[]): Promise<RateDecision>;
}
