import { logger } from '#libs/telemetry';
import { Redis } from 'ioredis';

/** What differs from one use of Redis to another. */
export interface RedisClientOptions {
  /** Connecting or a command that takes longer has failed; milliseconds. Default 2,000. */
  readonly commandTimeoutMs?: number;
}

const COMMAND_TIMEOUT_MS = 2_000;
/** A connection that does not close is cut after this; ioredis waits so long also for one that never opened. */
const DISCONNECT_TIMEOUT_MS = 200;
const RETRY_FIRST_MS = 50;
const RETRY_MAX_MS = 2_000;

/** How long to wait before connecting for the `attempt`-th time in a row: doubled each time, never above 2 s. */
export function reconnectAfterMs(attempt: number): number {
  return Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(attempt - 1, 10));
}

/**
 * A client that fails fast and comes back by itself: while Redis is away commands fail at once instead of piling up in
 * memory, and it reconnects for as long as the process lives. Commands of one turn of the event loop share a round
 * trip. Not for BullMQ, which wants connections of its own.
 *
 * @param url `redis[s]://[user:password@]host:port/db`
 * @param name what the connection is called in CLIENT LIST and in our logs
 */
export function redisClient(url: string, name: string, options: RedisClientOptions = {}): Redis {
  const { commandTimeoutMs = COMMAND_TIMEOUT_MS } = options;
  const client = new Redis(url, {
    connectionName: `quoin-${name}`,
    enableAutoPipelining: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    connectTimeout: COMMAND_TIMEOUT_MS,
    commandTimeout: commandTimeoutMs,
    disconnectTimeout: DISCONNECT_TIMEOUT_MS,
    retryStrategy: reconnectAfterMs,
    // After a failover the old primary answers READONLY: connect again, to the new one.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  });
  // Without a listener the first lost connection would end the process. Said once until it is back.
  let away = false;
  client.on('error', (error: Error) => {
    if (!away) logger().warn({ err: error, redis: name }, 'redis is away');
    away = true;
  });
  client.on('ready', () => {
    if (away) logger().info({ redis: name }, 'redis is back');
    away = false;
  });
  return client;
}
