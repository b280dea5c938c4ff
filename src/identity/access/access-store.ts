import { setImmediate as endOfTurn } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { AppConfig } from '#libs/config';
import { DATABASE_OPTIONS, type DatabaseOptions } from '#libs/database';
import { RedisClients } from '#libs/redis';
import { SecretBox } from '#libs/secrets';

/** What Redis said: the entry, if there is one, and the stamp that an entry must carry to be good now. */
export interface StoredEntry {
  readonly stamp: string;
  readonly text: string | undefined;
}

/** A Redis that failed, or hung, is asked by nobody for so long, but by one who tries; milliseconds. */
const REST_MS = 1_000;
/** Longer than any entry is kept. */
const STAMPS_KEPT_S = 24 * 3_600;

/**
 * Entries in Redis, under stamps: counters that void at once, on all nodes, every entry that was stored under another
 * count. Everything here may fail: then it says nothing, soon, and nobody is the worse for it.
 */
@Injectable()
export class AccessStore {
  private readonly redis: ReturnType<RedisClients['forRequests']>;
  private readonly prefix: string;
  private restUntil = 0;

  constructor(
    clients: RedisClients,
    @Inject(DATABASE_OPTIONS) options: DatabaseOptions,
    private readonly config: AppConfig,
    private readonly box: SecretBox,
  ) {
    this.prefix = `quoin:${options.landlord.database}`;
    this.redis = clients.forRequests('sessions');
  }

  /** The entry and its stamp, in one round trip; undefined while Redis is away. */
  async look(tenantId: string, entry: string, scopes: readonly string[]): Promise<StoredEntry | undefined> {
    if (!this.mayAsk()) return undefined;
    // Limits are counted at the end of the turn, all of the turn's requests at once: what is asked then leaves with them.
    await endOfTurn();
    const key = this.key(tenantId, entry);
    const found = await this.attempt(() =>
      this.redis.mget(key, ...scopes.map((scope) => this.stampKey(tenantId, scope))),
    );
    if (!found) return undefined;
    const [stored, ...counts] = found;
    return { stamp: counts.map((count) => count ?? '').join('.'), text: this.opened(stored, key) };
  }

  /** Keeps an entry for so long. */
  async keep(tenantId: string, entry: string, text: string, lifeS: number): Promise<void> {
    const key = this.key(tenantId, entry);
    const sealed = this.config.auth.sessionEncrypt ? this.box.seal(text, key) : text;
    await this.attempt(() => this.redis.set(key, sealed, 'EX', lifeS));
  }

  /** Voids all entries that were stored under one of these scopes. */
  async countUp(tenantId: string, scopes: readonly string[]): Promise<void> {
    const keys = scopes.map((scope) => this.stampKey(tenantId, scope));
    await this.attempt(() =>
      Promise.all(keys.flatMap((key) => [this.redis.incr(key), this.redis.expire(key, STAMPS_KEPT_S)])),
    );
  }

  /** What was altered, or sealed with a key that is gone or not needed any more, is as good as not there. */
  private opened(stored: string | null | undefined, key: string): string | undefined {
    if (stored === null || stored === undefined) return undefined;
    if (!this.config.auth.sessionEncrypt) return stored.startsWith('{') ? stored : undefined;
    try {
      return this.box.open(stored, key);
    } catch {
      return undefined;
    }
  }

  private mayAsk(): boolean {
    if (this.restUntil === 0) return true;
    const now = Date.now();
    if (now < this.restUntil) return false;
    this.restUntil = now + REST_MS;
    return true;
  }

  /** Redis is a convenience here: its failure is libs/redis's to report, and nobody's to suffer from. */
  private async attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await work();
      this.restUntil = 0;
      return result;
    } catch {
      this.restUntil = Date.now() + REST_MS;
      return undefined;
    }
  }

  // The tenant in braces: in a cluster, its keys live in one slot (requirement A2).
  private key(tenantId: string, entry: string): string {
    return `${this.prefix}:tenant:{${tenantId}}:access:${entry}`;
  }

  private stampKey(tenantId: string, scope: string): string {
    return `${this.prefix}:tenant:{${tenantId}}:stamp:${scope}`;
  }
}
