import type { Fence } from '#libs/database';
import { logger } from '#libs/telemetry';
import { ExecutionError, type Lock, ResourceLockedError } from 'redlock';
import { lockHold, locksLost } from './lock-metrics.js';
import type { LockResource } from './lock-resource.js';
import { LockLost } from './locks.errors.js';

/** A renewal that failed because Redis did not answer is tried again after this; milliseconds. */
const RENEW_AGAIN_MS = 100;

/** What a lock is renewed and given back with. */
export interface LockStore {
  extend(lock: Lock, expiryMs: number): Promise<Lock>;
  release(lock: Lock): Promise<unknown>;
}

/** How long a lock is held. */
export interface HoldTimes {
  readonly expiryMs: number;
  /** It is not renewed beyond this: work that hangs does not keep others out for ever. */
  readonly holdMaxMs: number;
}

/**
 * A lock that somebody holds. It is renewed at every third of its expiry; when that fails until it expires, it is lost and
 * {@link signal} aborts. A process that was stopped meanwhile finds out when it goes on, which may be after its next write:
 * what must not happen then is written under the {@link fence}.
 */
export class HeldLock {
  /** Aborts with {@link LockLost} when the lock is lost. Hand it to whatever can be interrupted. */
  readonly signal: AbortSignal;
  private readonly loss = new AbortController();
  private readonly since = performance.now();
  private renewal: NodeJS.Timeout | undefined;
  private deadline: NodeJS.Timeout | undefined;
  private ended = false;

  constructor(
    private lock: Lock,
    readonly resources: readonly LockResource[],
    private readonly times: HoldTimes,
    private readonly store: LockStore,
  ) {
    this.signal = this.loss.signal;
    this.keep();
  }

  private taken: Fence | undefined;

  /** For `unitOfWork.run(work, { fence })`; undefined unless the lock was taken `fenced`. */
  get fence(): Fence | undefined {
    return this.taken;
  }

  /** @throws LockLost when it is */
  throwIfLost(): void {
    if (this.lock.expiration <= Date.now()) this.lose();
    this.signal.throwIfAborted();
  }

  /** Puts the tokens on the lock that PostgreSQL has counted for it. */
  fencedBy(fence: Fence): this {
    this.taken = fence;
    return this;
  }

  /** Gives the lock back. A second time, or after it was lost, nothing happens. Never rejects: it would expire by itself. */
  async release(): Promise<void> {
    if (!this.end()) return;
    try {
      await this.store.release(this.lock);
    } catch (error) {
      logger().warn({ err: error, lock: this.names }, 'a lock could not be given back: it expires by itself');
    }
  }

  private get names(): string[] {
    return this.resources.map(({ name }) => name);
  }

  /** Renews in time, and knows when it is too late even while Redis is still being waited for. */
  private keep(): void {
    clearTimeout(this.deadline);
    this.deadline = setTimeout(() => this.lose(), Math.max(0, this.lock.expiration - Date.now()));
    this.renewal = setTimeout(() => void this.renew(), this.times.expiryMs / 3);
  }

  private async renew(): Promise<void> {
    if (performance.now() - this.since > this.times.holdMaxMs) return this.lose(new Error('held for too long'));
    try {
      const renewed = await this.store.extend(this.lock, this.times.expiryMs);
      if (this.ended) return;
      this.lock = renewed;
      this.keep();
    } catch (error) {
      if (this.ended) return;
      if (await isTakenByOthers(error)) return this.lose(error);
      this.renewal = setTimeout(() => void this.renew(), RENEW_AGAIN_MS);
    }
  }

  private lose(cause?: unknown): void {
    if (!this.end()) return;
    const lost = new LockLost(this.names, { cause });
    locksLost.inc({ kind: this.resources[0]?.kind ?? 'generic' });
    logger().warn({ err: lost }, 'a lock was lost before its work was done');
    this.loss.abort(lost);
  }

  /** False when it has ended before. */
  private end(): boolean {
    if (this.ended) return false;
    this.ended = true;
    clearTimeout(this.renewal);
    clearTimeout(this.deadline);
    lockHold.observe({ kind: this.resources[0]?.kind ?? 'generic' }, (performance.now() - this.since) / 1_000);
    return true;
  }
}

/** Whether redlock failed because the keys are somebody else's, or nobody's any more; not because Redis failed. */
export async function isTakenByOthers(error: unknown): Promise<boolean> {
  if (!(error instanceof ExecutionError)) return false;
  const last = await error.attempts.at(-1);
  const votes = [...(last?.votesAgainst.values() ?? [])];
  return votes.length > 0 && votes.every((vote) => vote instanceof ResourceLockedError);
}
