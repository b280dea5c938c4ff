import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { redisClient } from '#libs/redis';
import { LocalRateLimiter } from '../local-rate-limiter.js';
import type { Limit } from '../rate-limiter.js';
import { RedisRateLimiter } from '../redis-rate-limiter.js';

/** What a racing process is told to do. */
export interface Race {
  readonly counting: 'together' | 'each alone';
  readonly bucketMs: number;
  readonly limits: readonly Limit[];
  readonly forMs: number;
}

/** What it reports: when its requests were allowed, and how many it made. */
export interface RaceOutcome {
  readonly allowed: readonly number[];
  readonly asked: number;
}

const [redis = ''] = process.argv.slice(2);
const client = redisClient(redis, 'race', { commandTimeoutMs: 5_000 });
await once(client, 'ready');
process.send?.('ready');

/** One of several processes that ask for the same limits as fast as they can, in bursts. */
async function race({ counting, bucketMs, limits, forMs }: Race): Promise<RaceOutcome> {
  const limiter = counting === 'together' ? new RedisRateLimiter(client, bucketMs) : new LocalRateLimiter(Date.now);
  const allowed: number[] = [];
  let asked = 0;
  for (const until = Date.now() + forMs; Date.now() < until;) {
    const burst = 1 + Math.floor(Math.random() * 40);
    const decisions = await Promise.all(Array.from({ length: burst }, () => limiter.hit(limits)));
    asked += burst;
    for (const decision of decisions) if (decision.allowed) allowed.push(decision.atMs);
    await sleep(Math.random() * 3);
  }
  return { allowed, asked };
}

const [message] = (await once(process, 'message')) as [Race];
const outcome = await race(message);
client.disconnect();
process.send?.(outcome, () => process.disconnect());
