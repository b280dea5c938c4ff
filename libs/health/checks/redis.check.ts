import { once } from 'node:events';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { AppConfig } from '#libs/config';
import { evictionPolicyOf, redisClient, RedisClients, type RedisRole } from '#libs/redis';
import { logger } from '#libs/telemetry';
import { CHECK_TIMEOUT_MS, type CheckResult, ReadinessCheck } from '../readiness-check.js';

const ROLES: readonly RedisRole[] = ['cache', 'locks', 'sessions'];
/** Roles whose keys may not disappear by themselves; the cache's may. */
const KEPT: readonly RedisRole[] = ['locks', 'sessions'];

type Policies = ReadonlyMap<string, string>;

/**
 * The Redis of every role but the queues' answers, and none that must keep its keys may throw them away when it is full
 * (requirement A2). A process does not start on such a server; on one that was away then, or was changed since, it is
 * degraded: what matters is in PostgreSQL, but jobs, locks and sessions would go missing now and then.
 */
@Injectable()
export class RedisCheck extends ReadinessCheck implements OnApplicationBootstrap {
  override readonly name = 'redis';

  constructor(
    private readonly clients: RedisClients,
    private readonly config: AppConfig,
  ) {
    super();
  }

  /** @throws naming every role that is on a server which evicts */
  async onApplicationBootstrap(): Promise<void> {
    const policies = new Map([...(await this.answering(KEPT)), ...(await this.ofQueues())]);
    const faults = faultsIn(policies);
    if (faults.length > 0) throw new Error(`Redis may throw away what must be kept:\n  ${faults.join('\n  ')}`);
    const cache = await this.answering(['cache']);
    if (cache.get('cache') === 'noeviction') {
      logger().info('the cache is on a Redis that refuses writes when it is full; a server of its own could evict');
    }
  }

  override async check(): Promise<CheckResult> {
    await Promise.all(ROLES.map((role) => this.clients.ping(role, CHECK_TIMEOUT_MS)));
    const faults = faultsIn(await this.answering(KEPT));
    return faults.length > 0 ? { degraded: true, details: { faults } } : {};
  }

  /** The policies of the servers that answer. */
  private async answering(roles: readonly RedisRole[]): Promise<Policies> {
    const found = await Promise.allSettled(roles.map((role) => this.policyOf(role)));
    return new Map(
      found.flatMap((each, index) => (each.status === 'fulfilled' ? [[roles[index] ?? '', each.value] as const] : [])),
    );
  }

  private async policyOf(role: RedisRole): Promise<string> {
    await this.clients.ping(role, CHECK_TIMEOUT_MS);
    return (await evictionPolicyOf(this.clients.of(role))).name;
  }

  /** Queues have connections of their own, and need none for this but once. */
  private async ofQueues(): Promise<Policies> {
    const client = redisClient(this.config.redis.queues, 'queues-policy', { commandTimeoutMs: CHECK_TIMEOUT_MS });
    try {
      await once(client, 'ready', { signal: AbortSignal.timeout(CHECK_TIMEOUT_MS) });
      return new Map([['queues', (await evictionPolicyOf(client)).name]]);
    } catch {
      // Away: the queues' own check says so, and nothing can be said of its policy.
      return new Map();
    } finally {
      client.disconnect();
    }
  }
}

function faultsIn(policies: Policies): string[] {
  return [...policies]
    .filter(([, policy]) => policy !== 'noeviction')
    .map(([role, policy]) => `${role}: maxmemory-policy is ${policy}, and must be noeviction`);
}
