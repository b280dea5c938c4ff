import { once } from 'node:events';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { AppConfig } from '#libs/config';
import type { Redis } from 'ioredis';
import { redisClient, type RedisClientOptions } from './redis-client.js';

/** What a Redis is for. The roles may be one server or four. Queues have connections of their own (libs/queues). */
export type RedisRole = 'cache' | 'locks' | 'sessions';

/** What a request waits for a Redis that hangs, before it does without; milliseconds. */
const PATIENCE_MS = 250;

/** The Redis clients of a process. They close after everything else: what uses them is gone by then. */
@Injectable()
export class RedisClients implements OnApplicationShutdown {
  private readonly shared = new Map<RedisRole, Redis>();
  private readonly ofRequests = new Map<RedisRole, Redis>();
  private readonly opened: Redis[] = [];

  constructor(private readonly config: AppConfig) {}

  /** The client of a role, shared by all who ask; opened for the first. */
  of(role: RedisRole): Redis {
    const known = this.shared.get(role);
    if (known) return known;
    const client = this.open(role, role);
    this.shared.set(role, client);
    return client;
  }

  /**
   * The client for what every request asks before it is served, and can do without: it gives up after a quarter of a
   * second. One for all who ask: the questions of a request that are asked in one turn leave and return together.
   */
  forRequests(role: RedisRole): Redis {
    const known = this.ofRequests.get(role);
    if (known) return known;
    const client = this.open(role, `${role}-requests`, { commandTimeoutMs: PATIENCE_MS });
    this.ofRequests.set(role, client);
    return client;
  }

  /** A client of one's own, for whoever needs other bounds or blocks its connection. */
  open(role: RedisRole, name: string, options?: RedisClientOptions): Redis {
    const client = redisClient(this.config.redis[role], name, options);
    this.opened.push(client);
    return client;
  }

  /**
   * Resolves when the Redis of a role answers. A client that is still connecting is waited for.
   *
   * @throws after `timeoutMs`, or at once when connecting fails
   */
  async ping(role: RedisRole, timeoutMs: number): Promise<void> {
    const client = this.of(role);
    if (client.status !== 'ready') await once(client, 'ready', { signal: AbortSignal.timeout(timeoutMs) });
    await client.ping();
  }

  onApplicationShutdown(): void {
    for (const client of this.opened.splice(0)) client.disconnect();
    this.shared.clear();
    this.ofRequests.clear();
  }
}
