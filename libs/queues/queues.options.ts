import type { WorkerOptions } from 'bullmq';
import { Redis } from 'ioredis';
import type { QueuePolicy } from './queue-table.js';

/** Injection token of {@link QueuesOptions}. */
export const QUEUES_OPTIONS = Symbol('QueuesOptions');

/** Where the queues are. */
export interface QueuesOptions {
  /** `redis[s]://[user:password@]host:port/db`; its eviction policy must be `noeviction` (requirement A2). */
  readonly url: string;
  /** First part of every key, default `quoin`. Installations (and tests) that share a Redis differ in it. */
  readonly prefix?: string;
}

/** The key prefix when {@link QueuesOptions.prefix} names none. */
export const QUEUE_PREFIX = 'quoin';

/** Connecting or a command that takes longer has failed; milliseconds. */
export const COMMAND_TIMEOUT_MS = 2_000;

/**
 * The connection of those who put work on queues or look at them. It is opened when first used, and when Redis is away
 * commands fail at once: nothing is kept for later in memory, because what is to be done later is kept in PostgreSQL.
 */
export function producerConnection(options: QueuesOptions): Redis {
  return new Redis(options.url, {
    connectionName: 'quoin-queues',
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: COMMAND_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    retryStrategy: reconnectAfterMs,
  });
}

/** The connections of those who take work from a queue: they wait for Redis to come back. */
export function consumerConnection(options: QueuesOptions): Pick<WorkerOptions, 'connection' | 'prefix'> {
  return {
    prefix: options.prefix ?? QUEUE_PREFIX,
    connection: { url: options.url, maxRetriesPerRequest: null, retryStrategy: reconnectAfterMs },
  };
}

/**
 * Worker options of a queue. A killed worker's work starts again within about 5 s (requirement C8). Stalls are not
 * limited here: how often work may kill its worker is decided where attempts are counted, in PostgreSQL.
 */
export function workerOptions(policy: QueuePolicy): Omit<WorkerOptions, 'connection'> {
  return {
    concurrency: policy.concurrency,
    lockDuration: 5_000,
    stalledInterval: 2_500,
    maxStalledCount: 1_000_000,
    // After a lost connection; with the default of 15 s a worker sleeps on when Redis has long been back.
    runRetryDelay: 1_000,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
    // Started by its host at the end of the boot, when everything that handlers need is there.
    autorun: false,
  };
}

function reconnectAfterMs(times: number): number {
  return Math.min(50 * 2 ** Math.min(times, 5), 1_000);
}
