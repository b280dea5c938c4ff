import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Optional } from '@nestjs/common';
import { DATABASE_OPTIONS, type DatabaseOptions, type WalPosition } from '#libs/database';
import { RedisClients } from '#libs/redis';

/** A session of a tenant. */
export interface SessionName {
  readonly tenantId: string;
  readonly sessionId: string;
}

/** A Redis that hangs costs a request this much; milliseconds. */
const COMMAND_TIMEOUT_MS = 100;
/** A replica that lags longer serves nobody (DB_REPLICA_MAX_LAG is below it): older positions are everywhere. */
const KEPT_S = 2 * 3_600;
/** A write that was announced and never settled counts so long: its process died, and it may have committed. */
const WRITE_MAX_MS = 60_000;

/** Marks a member that is a write under way; no cluster is called so. Its score is when it began. */
const WRITE = '>';

/** Told apart from the writes of other processes. */
const processName = randomUUID();
let writes = 0;

/**
 * How far the requests of a session have seen, for clients that do not send the token back. In Redis beside the session, one
 * number for each timeline of a cluster; it never goes back, in whatever order requests end.
 *
 * A write is announced before anything of it can be committed, and settled when it is known how far it came. In between, and
 * when its process dies in between, the primary serves the session. So no answer has to wait for Redis to know of it.
 */
@Injectable()
export class SessionPositions {
  private readonly prefix: string;
  private opened: ReturnType<RedisClients['open']> | undefined;

  /** @param options absent in applications without a database */
  constructor(
    private readonly clients: RedisClients,
    @Optional() @Inject(DATABASE_OPTIONS) options?: DatabaseOptions,
  ) {
    this.prefix = `quoin:${options?.landlord.database}`;
  }

  /** What the session has seen of any cluster; undefined while it writes. @throws when Redis does not answer */
  async of(session: SessionName): Promise<WalPosition[] | undefined> {
    const flat = await this.redis.zrange(this.key(session), 0, -1, 'WITHSCORES');
    const positions: WalPosition[] = [];
    for (let index = 0; index + 1 < flat.length; index += 2) {
      const [member = '', score] = [flat[index], Number(flat[index + 1])];
      if (member.startsWith(WRITE)) {
        if (score > Date.now() - WRITE_MAX_MS) return undefined;
        continue;
      }
      const [cluster = '', timeline] = member.split(':');
      positions.push({ cluster, timeline: Number(timeline), lsn: score });
    }
    return positions;
  }

  /** Announces a write and gives its name. @throws when Redis does not answer: other processes may not know then */
  async announce(session: SessionName): Promise<string> {
    const key = this.key(session);
    const write = `${WRITE}${processName}:${++writes}`;
    await Promise.all([this.redis.zadd(key, Date.now(), write), this.redis.expire(key, KEPT_S)]);
    return write;
  }

  /**
   * Raises the position, if there is one, and takes back what was announced, in this order. What Redis does not take runs out,
   * with the primary serving until then.
   */
  async settle(session: SessionName, seen: WalPosition | undefined, write: string | undefined): Promise<void> {
    const key = this.key(session);
    const sent: Promise<unknown>[] = [];
    if (seen) sent.push(this.redis.zadd(key, 'GT', seen.lsn, `${seen.cluster}:${seen.timeline}`));
    if (write !== undefined) sent.push(this.redis.zrem(key, write));
    sent.push(this.redis.expire(key, KEPT_S));
    await Promise.allSettled(sent);
  }

  /** Opened when there are replicas to be behind. */
  private get redis(): ReturnType<RedisClients['open']> {
    this.opened ??= this.clients.open('sessions', 'positions', { commandTimeoutMs: COMMAND_TIMEOUT_MS });
    return this.opened;
  }

  private key({ tenantId, sessionId }: SessionName): string {
    return `${this.prefix}:tenant:{${tenantId}}:position:${sessionId}`;
  }
}
