import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { currentContext } from '#libs/context';
import { sqlState } from '#libs/database';
import { RedisClients } from '#libs/redis';
import type { Redis } from 'ioredis';
import Redlock, { type Lock } from 'redlock';
import { Fences } from './fences.js';
import { HeldLock, isTakenByOthers, type LockStore } from './held-lock.js';
import { locksRefused, lockWait } from './lock-metrics.js';
import {
  accountResource,
  lockKey,
  type LockResource,
  type LockTimes,
  namedResource,
  stockResource,
} from './lock-resource.js';
import { LockInsideUnitOfWork, LocksUnavailable, LockTimeout } from './locks.errors.js';

/** Between two attempts, jitter included; milliseconds. */
const RETRY_MIN_MS = 10;
const RETRY_MAX_MS = 100;
/** A client that was only just made is waited for this long. */
const CONNECT_MS = 2_000;
const HOLD_MAX_MS = 900_000;
const RESOURCES_MAX = 100;

const ONCE = { retryCount: 0 };
const LOCK_NOT_AVAILABLE = '55P03';

/** How a lock is taken. */
export interface LockOptions extends Partial<LockTimes> {
  /** Takes a token from PostgreSQL too, for `unitOfWork.run(work, { fence: lock.fence })`. Default false. */
  readonly fenced?: boolean;
  /** It is renewed for so long at most; milliseconds. Default 15 minutes. */
  readonly holdMaxMs?: number;
}

/**
 * Locks of a tenant across processes, in Redis (requirement B1). For long work that is no single transaction: rows that one
 * transaction reads and writes are locked by PostgreSQL. Fails closed: without Redis no lock is given. README.md says when
 * to use which.
 */
@Injectable()
export class DistributedLockService {
  private readonly redis: Redis;
  private readonly redlock: Redlock;
  private readonly store: LockStore;
  private connecting: Promise<void> | undefined;

  constructor(
    clients: RedisClients,
    private readonly fences: Fences,
  ) {
    this.redis = clients.of('locks');
    this.redlock = new Redlock([this.redis], ONCE);
    this.store = {
      extend: (lock, expiryMs) => this.redlock.extend(lock, expiryMs, ONCE),
      release: (lock) => this.redlock.release(lock, ONCE),
    };
  }

  /**
   * Waits until nobody else holds any of the resources and takes all of them at once. Give it back with {@link release}; it
   * is renewed until then.
   *
   * @param names of resources of the current tenant: letters, digits and `.:_-`, at most 200 characters
   * @throws LockTimeout when somebody else held one of them for `waitMs`
   * @throws LocksUnavailable when Redis does not answer
   * @throws LockInsideUnitOfWork
   */
  acquire(names: string | readonly string[], options: LockOptions = {}): Promise<HeldLock> {
    return this.take([names].flat().map(namedResource), options);
  }

  /** Gives the lock back at once. Safe to call twice, and after it was lost. */
  release(lock: HeldLock): Promise<void> {
    return lock.release();
  }

  /**
   * Runs `work` while holding the resources. Pass `lock.signal` to what it calls, and `lock.fence` to what it writes.
   *
   * @throws what {@link acquire} throws
   * @throws LockLost when the lock was lost before the work was done. Fenced work that has ended is not told: the database
   *   has compared its token when it wrote.
   */
  executeWithLock<T>(
    names: string | readonly string[],
    work: (lock: HeldLock) => Promise<T>,
    options: LockOptions = {},
  ): Promise<T> {
    return this.execute([names].flat().map(namedResource), work, options);
  }

  /** {@link executeWithLock} on the stock of a product in a warehouse: waits 5 s, expires after 10 s. */
  executeStockOperation<T>(
    productId: string,
    warehouseId: string,
    work: (lock: HeldLock) => Promise<T>,
    options: LockOptions = {},
  ): Promise<T> {
    return this.execute([stockResource(productId, warehouseId)], work, options);
  }

  /** {@link executeWithLock} on an account: waits 10 s, expires after 30 s. */
  executeAccountOperation<T>(
    accountId: string,
    work: (lock: HeldLock) => Promise<T>,
    options: LockOptions = {},
  ): Promise<T> {
    return this.execute([accountResource(accountId)], work, options);
  }

  private async execute<T>(
    resources: readonly LockResource[],
    work: (lock: HeldLock) => Promise<T>,
    options: LockOptions,
  ): Promise<T> {
    const lock = await this.take(resources, options);
    try {
      const result = await work(lock);
      if (!lock.fence) lock.throwIfLost();
      return result;
    } finally {
      await lock.release();
    }
  }

  private async take(resources: readonly LockResource[], options: LockOptions): Promise<HeldLock> {
    if (currentContext()?.unitOfWork) throw new LockInsideUnitOfWork();
    const sorted = sortedResources(resources);
    const [{ kind, waitMs, expiryMs }] = sorted;
    const times = { waitMs, expiryMs, holdMaxMs: HOLD_MAX_MS, ...options };
    const stopWaiting = lockWait.startTimer({ kind });
    try {
      const held = new HeldLock(await this.wait(sorted, times), sorted, times, this.store);
      return options.fenced ? await this.fence(held, times) : held;
    } catch (error) {
      locksRefused.inc({ kind, reason: error instanceof LockTimeout ? 'timeout' : 'unavailable' });
      throw error;
    } finally {
      stopWaiting();
    }
  }

  private async wait(resources: readonly LockResource[], { waitMs, expiryMs }: LockTimes): Promise<Lock> {
    const keys = resources.map(({ name }) => lockKey(name));
    const until = performance.now() + waitMs;
    await this.connected(waitMs);
    for (let delayMs = RETRY_MIN_MS; ; delayMs = Math.min(RETRY_MAX_MS, delayMs * 2)) {
      const lock = await this.attempt(keys, expiryMs);
      if (lock) return lock;
      const left = until - performance.now();
      if (left <= 0) throw new LockTimeout(namesOf(resources), waitMs);
      // Jitter: those who wait for the same lock must not come in step.
      await sleep(Math.min(left, delayMs * (0.5 + Math.random())));
    }
  }

  /** Undefined when somebody else holds one of the keys. @throws LocksUnavailable */
  private async attempt(keys: string[], expiryMs: number): Promise<Lock | undefined> {
    try {
      return await this.redlock.acquire(keys, expiryMs, ONCE);
    } catch (error) {
      if (await isTakenByOthers(error)) return undefined;
      throw new LocksUnavailable({ cause: await reasonOf(error) });
    }
  }

  /** A process that has just started asks for its first lock while it still connects. */
  private async connected(waitMs: number): Promise<void> {
    if (this.redis.status !== 'connecting' && this.redis.status !== 'connect') return;
    this.connecting ??= new Promise<void>((resolve) =>
      this.redis.once('ready', resolve).once('close', resolve),
    ).finally(() => (this.connecting = undefined));
    const waiting = new AbortController();
    const tooLong = sleep(Math.min(waitMs, CONNECT_MS), undefined, { signal: waiting.signal }).catch(() => undefined);
    await Promise.race([this.connecting, tooLong]);
    waiting.abort();
  }

  private async fence(held: HeldLock, { waitMs }: LockTimes): Promise<HeldLock> {
    try {
      return held.fencedBy(await this.fences.take(namesOf(held.resources)));
    } catch (error) {
      await held.release();
      // An earlier holder is in the middle of a transaction under its own token.
      if (sqlState(error) === LOCK_NOT_AVAILABLE)
        throw new LockTimeout(namesOf(held.resources), waitMs, { cause: error });
      throw error;
    }
  }
}

/** Each once, in the order in which everybody takes them. */
function sortedResources(resources: readonly LockResource[]): readonly [LockResource, ...LockResource[]] {
  const byName = new Map(resources.map((resource) => [resource.name, resource]));
  const [first, ...others] = [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  if (!first || others.length >= RESOURCES_MAX) throw new RangeError(`a lock is on 1 to ${RESOURCES_MAX} resources`);
  return [first, ...others];
}

function namesOf(resources: readonly LockResource[]): string[] {
  return resources.map(({ name }) => name);
}

/** What Redis said; redlock's own error says only that it was not enough. */
async function reasonOf(error: unknown): Promise<unknown> {
  const attempts = (error as { attempts?: readonly Promise<{ votesAgainst: ReadonlyMap<unknown, Error> }>[] }).attempts;
  const last = await attempts?.at(-1);
  return last?.votesAgainst.values().next().value ?? error;
}
