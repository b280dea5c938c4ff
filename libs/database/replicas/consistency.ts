import { currentContext, runInContext } from '#libs/context';
import { positionOfToken } from './consistency-token.js';
import { laterOf, type WalPosition } from './wal-position.js';

/**
 * How fresh the reads of one request or job must be, and how far it has seen: shared by everything that runs for it.
 *
 * Without one, and until {@link mayUseReplicas} says so, every read is the primary's.
 */
export class Consistency {
  private known: WalPosition | undefined;
  private incomparable = false;
  private lastSeen: WalPosition | undefined;
  private replicasAllowed = false;
  private primarySeen = false;
  private asked = false;

  /** Replicas that have come to {@link needed} may serve reads from here on. */
  mayUseReplicas(): void {
    this.replicasAllowed = true;
  }

  /** From here on the primary alone serves. */
  onlyPrimary(): void {
    this.incomparable = true;
  }

  /** Whether replicas may serve at all. */
  get allowsReplicas(): boolean {
    return this.replicasAllowed && !this.incomparable;
  }

  /** What a replica must have replayed before it may serve; undefined when any state of the database will do. */
  get needed(): WalPosition | undefined {
    return this.known;
  }

  /** Reads must show everything up to this position. Positions of two clusters cannot both be asked of one. */
  need(position: WalPosition): void {
    this.asked = true;
    this.raise(position);
  }

  private raise(position: WalPosition): void {
    if (this.known && this.known.cluster !== position.cluster) this.incomparable = true;
    else this.known = this.known ? laterOf(this.known, position) : position;
  }

  /** The same for a token from outside. One that says nothing to us, broken or of another release, is the primary's. */
  needToken(token: string): void {
    const position = positionOfToken(token);
    if (position) this.need(position);
    else this.incomparable = true;
  }

  /** Something was committed or read up to this position: later reads must show it too. */
  saw(position: WalPosition, source: 'primary' | 'replica'): void {
    this.raise(position);
    if (source === 'primary') this.primarySeen = true;
    const sameCluster = this.lastSeen?.cluster === position.cluster;
    this.lastSeen = this.lastSeen && sameCluster ? laterOf(this.lastSeen, position) : position;
  }

  /** Up to where this request or job has seen; undefined when it touched no cluster that has replicas. */
  get seen(): WalPosition | undefined {
    return this.lastSeen;
  }

  /** Whether the primary showed it something: replicas may be behind that for a while. */
  get sawPrimary(): boolean {
    return this.primarySeen;
  }

  /** Whether a position was asked of it from outside: by a client or a session that has seen something before. */
  get wasAsked(): boolean {
    return this.asked;
  }
}

/** The consistency of the running request or job, if it has one. */
export function currentConsistency(): Consistency | undefined {
  return currentContext()?.consistency as Consistency | undefined;
}

/** The consistency of the running request or job, made if it has none. @throws outside of an execution context */
export function ensureConsistency(): Consistency {
  const context = currentContext();
  if (!context) throw new Error('there is no execution context to keep a consistency in');
  context.consistency ??= new Consistency();
  return context.consistency as Consistency;
}

/**
 * Runs `work` with all its reads on the primary, whatever the request around it allows. For what is kept for others afterwards:
 * a cache that a replica fills would keep its lag. What it sees says nothing about how fresh the rest of the request must be.
 * Outside of a unit of work; for one read, `unitOfWork.read(work, { primary: true })`.
 */
export function readingFromPrimary<T>(work: () => Promise<T>): Promise<T> {
  return currentConsistency() ? runInContext({ consistency: undefined }, work) : work();
}
