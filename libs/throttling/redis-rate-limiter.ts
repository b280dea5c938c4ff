import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { BUCKET_MS, BUCKETS, type RateDecision, RateLimiter } from './rate-limiter.js';

/*
 * One hash a key: the number of a second → requests allowed in it. The oldest second of the window is counted whole
 * though part of it has passed, so 61 seconds are looked at: the count is never too low. Redis runs a script alone, so
 * callers that race are counted one after the other; its clock is the only one that counts.
 */
const SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local limit, width, buckets = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local current = math.floor(now / width)
local oldest = current - buckets

local used, counts = 0, {}
local entries = redis.call('HGETALL', KEYS[1])
for i = 1, #entries, 2 do
  local bucket, count = tonumber(entries[i]), tonumber(entries[i + 1])
  if bucket < oldest then
    redis.call('HDEL', KEYS[1], entries[i])
  else
    counts[bucket] = count
    used = used + count
  end
end

local allowed = used < limit
if allowed then
  redis.call('HINCRBY', KEYS[1], current, 1)
  redis.call('PEXPIRE', KEYS[1], width * (buckets + 1))
  counts[current] = (counts[current] or 0) + 1
  used = used + 1
end

local left, threshold = used, math.min(limit, used)
for bucket = oldest, current do
  left = left - (counts[bucket] or 0)
  if left < threshold then
    return { allowed and 1 or 0, used, now, (bucket + buckets + 1) * width - now }
  end
end
return { allowed and 1 or 0, used, now, width }
`;

const SCRIPT_SHA = createHash('sha1').update(SCRIPT).digest('hex');

type Answer = [allowed: number, used: number, atMs: number, resetAfterMs: number];

/** Counts in Redis, for all processes together: one round trip a request. */
export class RedisRateLimiter extends RateLimiter {
  /** @param bucketMs a sixtieth of the window; other than a second in tests only */
  constructor(
    private readonly redis: Redis,
    private readonly bucketMs = BUCKET_MS,
  ) {
    super();
  }

  override async hit(key: string, limit: number): Promise<RateDecision> {
    const [allowed, used, atMs, resetAfterMs] = await this.run(key, limit, this.bucketMs, BUCKETS);
    return { allowed: allowed === 1, used, atMs, resetAfterMs: Math.max(1, resetAfterMs) };
  }

  private async run(key: string, ...numbers: number[]): Promise<Answer> {
    try {
      return (await this.redis.evalsha(SCRIPT_SHA, 1, key, ...numbers)) as Answer;
    } catch (error) {
      // A Redis that started anew, or took over, has not seen the script yet.
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return (await this.redis.eval(SCRIPT, 1, key, ...numbers)) as Answer;
    }
  }
}
