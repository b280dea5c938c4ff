import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { AccessClaims } from '#libs/auth';
import { AppConfig } from '#libs/config';
import { currentTenant, runInContext, type TenantIdentity } from '#libs/context';
import { logger } from '#libs/telemetry';
import { AccessReads } from '../access/access-reads.js';
import { AccessView } from '../access/access-view.js';
import type { KnownChanges } from '../access/known-changes.js';
import { Sessions } from './sessions.repository.js';

/** What happened to a session: it is over, or its user may now do more or less than before. */
export type SessionSignal = 'ended' | 'changed';

interface Watcher {
  readonly userId: string;
  readonly sessionId: string;
  readonly signal: (what: SessionSignal) => void;
  /** What was visible when the session was last read; undefined before the first time. */
  snapshot: string | undefined;
  readAt: number;
}

interface Watched {
  readonly tenant: TenantIdentity;
  readonly watchers: Set<Watcher>;
}

/** How often changes are looked for; milliseconds. Two looks and a question fit into the second that is granted. */
const EVERY_MS = 250;
/** Sessions also end by themselves: each is read again after so long; milliseconds. */
const READ_AGAIN_MS = 30_000;
/** Sessions read in one statement. */
const READ_MAX = 1_000;

/**
 * Watches sessions whose connection stays open and asks nothing: WebSockets, streams. Costs one small query per tenant
 * and look, whatever the number of connections. Being watched is no use of a session: idle ones end in their time.
 */
@Injectable()
export class SessionWatch implements OnModuleDestroy {
  private readonly tenants = new Map<string, Watched>();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly view: AccessView,
    private readonly reads: AccessReads,
    private readonly sessions: Sessions,
    private readonly config: AppConfig,
  ) {}

  /**
   * Tells within a second, on whichever node it happened, that the session has ended (once, and nothing after it) or that
   * what its user may do has changed: verify it again then. Called with the session's tenant in the context.
   *
   * @returns what stops watching
   */
  watch({ userId, sessionId }: AccessClaims, signal: (what: SessionSignal) => void): () => void {
    const tenant = currentTenant();
    const watched = this.tenants.get(tenant.id) ?? { tenant, watchers: new Set<Watcher>() };
    this.tenants.set(tenant.id, watched);
    const watcher: Watcher = { userId, sessionId, signal, snapshot: undefined, readAt: 0 };
    watched.watchers.add(watcher);
    this.timer ??= setInterval(() => this.tick(), EVERY_MS).unref();
    return () => this.stop(watched, watcher);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    this.tenants.clear();
    await this.looking;
  }

  private stop(watched: Watched, watcher: Watcher): void {
    watched.watchers.delete(watcher);
    if (watched.watchers.size === 0) this.tenants.delete(watched.tenant.id);
    if (this.tenants.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private tick(): void {
    this.looking ??= Promise.all([...this.tenants.values()].map((watched) => this.look(watched)))
      .then(() => undefined)
      .finally(() => (this.looking = undefined));
  }

  private async look(watched: Watched): Promise<void> {
    const { tenant, watchers } = watched;
    try {
      const known = await this.view.of(tenant);
      // Without a primary nothing is revoked; what ends by itself is found when it is back.
      if (known === undefined) return;
      const due = [...watchers].filter((watcher) => isDue(watcher, known));
      for (let first = 0; first < due.length; first += READ_MAX) {
        const some = due.slice(first, first + READ_MAX);
        await runInContext({ tenant }, () => this.read(watched, some, known));
      }
    } catch (error) {
      logger().warn({ err: error }, 'watched sessions could not be read');
    }
  }

  private async read(watched: Watched, due: readonly Watcher[], known: KnownChanges): Promise<void> {
    const { sessionLifetimeMin } = this.config.auth;
    const ids = due.map(({ sessionId }) => sessionId);
    const { found, isExact } = await this.reads.read(() => this.sessions.findStanding(ids, sessionLifetimeMin));
    if (!isExact) return;
    for (const watcher of due) {
      const stands = found.ids.has(watcher.sessionId);
      const isNews = watcher.snapshot !== undefined && !known.areIn(watcher.snapshot, watcher.userId);
      watcher.snapshot = found.snapshot;
      watcher.readAt = Date.now();
      if (!stands) this.stop(watched, watcher);
      if (!stands || isNews) tell(watcher, stands ? 'changed' : 'ended');
    }
  }
}

function isDue({ snapshot, readAt, userId }: Watcher, known: KnownChanges): boolean {
  return snapshot === undefined || Date.now() - readAt > READ_AGAIN_MS || !known.areIn(snapshot, userId);
}

/** Whoever listens must not keep the others from hearing. */
function tell({ signal }: Watcher, what: SessionSignal): void {
  try {
    signal(what);
  } catch (error) {
    logger().error({ err: error }, 'what listens to a session’s signals failed');
  }
}
