/** The window that limits are counted in. */
export const WINDOW_MS = 60_000;

/** Parts that the window is counted in: one a second. */
export const BUCKETS = 60;

/** Width of one part. */
export const BUCKET_MS = WINDOW_MS / BUCKETS;

/** What a limiter says about one request. */
export interface RateDecision {
  readonly allowed: boolean;
  /** Requests counted in the window, this one included if it was allowed. */
  readonly used: number;
  /** When it was counted, by the clock that counts; milliseconds of Unix time. */
  readonly atMs: number;
  /** Until there is room for one more than now; milliseconds, at least 1. */
  readonly resetAfterMs: number;
}

/**
 * Counts requests in a sliding window of a minute. No stretch of 60 s, wherever it begins, ever holds more than `limit`
 * allowed requests of a key. Refused requests are not counted: whoever is over the limit is not kept out for longer by
 * asking again.
 */
export abstract class RateLimiter {
  abstract hit(key: string, limit: number): Promise<RateDecision>;
}
