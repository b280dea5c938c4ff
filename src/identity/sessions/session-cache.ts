import { Inject, Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { DATABASE_OPTIONS, type DatabaseOptions, UnitOfWork } from '#libs/database';
import { RedisClients } from '#libs/redis';

/** What is remembered of a live session. */
export interface CachedSession {
  readonly email: string;
  readonly permissions: readonly string[];
}

/** What Redis says about a session, and the stamp that is good for it now. */
interface Look {
  readonly stamp: string;
  readonly session: CachedSession | undefined;
}

/** A session is read from PostgreSQL at least this often; seconds. Bounds all that may go wrong here. */
const FRESH_S = 60;
/** Longer than anything that was remembered under them. */
const EPOCHS_KEPT_S = 24 * 3_600;
/** A Redis that hangs costs a request this much; milliseconds. */
const COMMAND_TIMEOUT_MS = 500;

/**
 * Remembers live sessions in Redis, for all nodes. An entry carries the epochs of its user, its tenant and the whole
 * installation, read before PostgreSQL was asked. Whoever ends a session or changes what somebody may do counts an
 * epoch up after the commit, which voids what was remembered and what is just being remembered from an older state.
 *
 * Redis may fail at any time: then PostgreSQL is asked. A node that may have missed something (it starts, lost its
 * connection, could not count an epoch up) first counts the epoch of the installation up, before it trusts anything.
 */
@Injectable()
export class SessionCache {
  private readonly redis: ReturnType<RedisClients['open']>;
  private readonly prefix: string;
  /** Occasions at which this node may have missed something, its start being the first; and those made good. */
  private missed = 1;
  private madeGood = 0;

  constructor(
    clients: RedisClients,
    @Inject(DATABASE_OPTIONS) options: DatabaseOptions,
    private readonly unitOfWork: UnitOfWork,
  ) {
    this.prefix = `quoin:${options.landlord.database}`;
    this.redis = clients.open('sessions', 'sessions', { commandTimeoutMs: COMMAND_TIMEOUT_MS });
    this.redis.on('close', () => (this.missed += 1));
    this.redis.on('ready', () => void this.attempt(() => this.settle()));
  }

  /** The session as remembered, or as `load` says now; undefined when it has ended. */
  async through(
    userId: string,
    sessionId: string,
    load: () => Promise<CachedSession | undefined>,
  ): Promise<CachedSession | undefined> {
    const look = await this.attempt(() => this.look(userId, sessionId));
    if (look?.session) return look.session;
    const session = await load();
    if (session && look) await this.attempt(() => this.remember(this.entry(userId, sessionId), look.stamp, session));
    return session;
  }

  /** Once the open unit of work is durable, every session of the user is asked for anew, on all nodes. */
  forgetUserAfterCommit(userId: string): void {
    const key = this.userEpoch(userId);
    this.unitOfWork.afterCommit(() => this.countUp(key));
  }

  /** The same for every session of the tenant. */
  forgetTenantAfterCommit(): void {
    const key = this.tenantEpoch();
    this.unitOfWork.afterCommit(() => this.countUp(key));
  }

  private async look(userId: string, sessionId: string): Promise<Look> {
    await this.settle();
    const [installation, [entry, user, tenant]] = await Promise.all([
      this.redis.get(this.installationEpoch()),
      this.redis.mget(this.entry(userId, sessionId), this.userEpoch(userId), this.tenantEpoch()),
    ]);
    const stamp = [installation, user, tenant].map((epoch) => epoch ?? '').join('.');
    const known = entry ? (JSON.parse(entry) as { stamp: string; session: CachedSession }) : undefined;
    return { stamp, session: known?.stamp === stamp ? known.session : undefined };
  }

  private async remember(entry: string, stamp: string, session: CachedSession): Promise<void> {
    await this.redis.set(entry, JSON.stringify({ stamp, session }), 'EX', FRESH_S);
  }

  private async countUp(key: string): Promise<void> {
    const counted = await this.attempt(() =>
      Promise.all([this.redis.incr(key), this.redis.expire(key, EPOCHS_KEPT_S)]),
    );
    if (!counted) this.missed += 1;
  }

  private async settle(): Promise<void> {
    const missed = this.missed;
    if (this.madeGood === missed) return;
    await this.redis.incr(this.installationEpoch());
    this.madeGood = missed;
  }

  /** Redis is a convenience here: its failure is libs/redis's to report, and nobody's to suffer from. */
  private async attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    return work().catch(() => undefined);
  }

  // The tenant in braces: in a cluster, its keys live in one slot (requirement A2).
  // And the user in the key: what is remembered of a session answers for nobody else, whatever a token claims.
  private entry(userId: string, sessionId: string): string {
    return `${this.prefix}:{${currentTenant().id}}:session:${userId}:${sessionId}`;
  }

  private userEpoch(userId: string): string {
    return `${this.prefix}:{${currentTenant().id}}:epoch:${userId}`;
  }

  private tenantEpoch(): string {
    return `${this.prefix}:{${currentTenant().id}}:epoch`;
  }

  private installationEpoch(): string {
    return `${this.prefix}:sessions:epoch`;
  }
}
