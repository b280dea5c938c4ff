import { Snapshot } from './snapshot.js';

/** A change of what somebody may do: of one user, or of everybody in the tenant. */
export interface AccessChange {
  readonly userId: string | null;
  /** The transaction that made it. */
  readonly xid: string;
}

/** Changes that a node looks back on: all of the last ten minutes, unless there were more. */
export const CHANGES_MAX = 1_000;

/** The recent changes of one tenant, as PostgreSQL told them. */
export class KnownChanges {
  private readonly ofUsers = new Map<string, bigint[]>();
  private readonly ofEverybody: bigint[] = [];
  private readonly isComplete: boolean;

  /** @param timeline in which their transactions are counted */
  constructor(
    private readonly timeline: string,
    changes: readonly AccessChange[],
  ) {
    this.isComplete = changes.length < CHANGES_MAX;
    for (const { userId, xid } of changes) this.listOf(userId).push(BigInt(xid));
  }

  /**
   * Whether what was read about the user under this snapshot is still so: every change was in it already. What was read
   * before a failover says nothing.
   */
  areIn(snapshot: string, userId: string): boolean {
    if (!this.isComplete) return false;
    const ofUser = this.ofUsers.get(userId) ?? [];
    const read = Snapshot.parse(snapshot);
    if (read.timeline !== this.timeline) return false;
    return this.ofEverybody.every((xid) => read.sees(xid)) && ofUser.every((xid) => read.sees(xid));
  }

  private listOf(userId: string | null): bigint[] {
    if (userId === null) return this.ofEverybody;
    const list = this.ofUsers.get(userId) ?? [];
    this.ofUsers.set(userId, list);
    return list;
  }
}
