import { Inject, Injectable, Optional } from '@nestjs/common';
import { DATABASE_OPTIONS, type DatabaseOptions, type WalPosition } from '#libs/database';
import { RedisClients } from '#libs/redis';

/** A Redis that hangs costs a request this much; milliseconds. */
const COMMAND_TIMEOUT_MS = 100;
/** A replica that lags longer serves nobody (DB_REPLICA_MAX_LAG is below it): older positions are everywhere. */
const KEPT_S = 2 * 3_600;

/**
 * How far the requests of a session have seen, for clients that do not send the token back. In Redis beside the session, one
 * number for each timeline of a cluster; it never goes back, in whatever order requests end.
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

  /** What the session has seen of any cluster. @throws when Redis does not answer */
  async of(tenantId: string, sessionId: string): Promise<WalPosition[]> {
    const flat = await this.redis.zrange(this.key(tenantId, sessionId), 0, -1, 'WITHSCORES');
    return positionsIn(flat);
  }

  /** Raises it. False when Redis does not take it: then the token alone knows. */
  async raise(tenantId: string, sessionId: string, { cluster, timeline, lsn }: WalPosition): Promise<boolean> {
    const key = this.key(tenantId, sessionId);
    const member = `${cluster}:${timeline}`;
    const outcomes = await Promise.allSettled([
      this.redis.zadd(key, 'GT', lsn, member),
      this.redis.expire(key, KEPT_S),
    ]);
    return outcomes.every(({ status }) => status === 'fulfilled');
  }

  /** Opened when there are replicas to be behind. */
  private get redis(): ReturnType<RedisClients['open']> {
    this.opened ??= this.clients.open('sessions', 'positions', { commandTimeoutMs: COMMAND_TIMEOUT_MS });
    return this.opened;
  }

  private key(tenantId: string, sessionId: string): string {
    return `${this.prefix}:tenant:{${tenantId}}:position:${sessionId}`;
  }
}

function positionsIn(flat: readonly string[]): WalPosition[] {
  const positions: WalPosition[] = [];
  for (let index = 0; index + 1 < flat.length; index += 2) {
    const [cluster, timeline] = (flat[index] ?? '').split(':');
    const position = { cluster: cluster ?? '', timeline: Number(timeline), lsn: Number(flat[index + 1]) };
    if (Number.isSafeInteger(position.timeline) && Number.isSafeInteger(position.lsn)) positions.push(position);
  }
  return positions;
}
