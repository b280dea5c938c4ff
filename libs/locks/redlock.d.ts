/** What we use of redlock 5.0.0-beta.2, whose package has no types entry for `nodenext`. */
declare module 'redlock' {
  import type { Redis } from 'ioredis';

  /** How often an attempt is repeated, and how far clocks may drift apart (a share of the duration). */
  export interface Settings {
    readonly driftFactor: number;
    readonly retryCount: number;
    readonly retryDelay: number;
    readonly retryJitter: number;
  }

  /** How the servers voted in one attempt. */
  export interface ExecutionStats {
    readonly votesAgainst: ReadonlyMap<Redis, Error>;
  }

  /** A vote against: somebody else has one of the keys, or the key is no longer ours. */
  export class ResourceLockedError extends Error {}

  /** No quorum within the attempts. */
  export class ExecutionError extends Error {
    readonly attempts: readonly Promise<ExecutionStats>[];
  }

  /** Keys that were taken. Extended, it is another object. */
  export class Lock {
    readonly resources: string[];
    /** By the clock of this process, drift deducted; milliseconds of Unix time. */
    readonly expiration: number;
  }

  /** Takes, extends and gives back locks on a majority of servers. */
  export default class Redlock {
    constructor(clients: Iterable<Redis>, settings?: Partial<Settings>);
    /** @throws ExecutionError */
    acquire(resources: string[], durationMs: number, settings?: Partial<Settings>): Promise<Lock>;
    /** @throws ExecutionError */
    extend(lock: Lock, durationMs: number, settings?: Partial<Settings>): Promise<Lock>;
    /** @throws ExecutionError */
    release(lock: Lock, settings?: Partial<Settings>): Promise<unknown>;
  }
}
