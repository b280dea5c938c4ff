import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { runInContext } from '#libs/context';
import { DomainError } from '#libs/kernel';
import { gauge, logger } from '#libs/telemetry';
import { type ClusterOptions, clusterNamed } from '../clusters.js';
import { DATABASE_OPTIONS, type DatabaseOptions } from '../database.options.js';

/** The server with this tenant's data does not answer. Tenants elsewhere notice nothing. */
export class ClusterUnavailable extends DomainError {
  static readonly code = 'database.unavailable';
  static readonly kind = 'unavailable';
  constructor(cause?: unknown) {
    super(
      'The database server of this tenant does not answer. Repeat the request in a while.',
      { retryAfterS: 5 },
      {
        cause,
      },
    );
  }
}

const PROBE_EVERY_MS = 1_000;
const PROBE_TIMEOUT_MS = 1_500;

/** One lost probe may be a busy moment. */
const FAILURES_MAX = 2;

const NOBODY = { correlationId: 'none', tenant: undefined, principal: undefined, unitOfWork: undefined };

const up = gauge('quoin_database_cluster_up', 'Whether the primary of a cluster answers: 1 or 0', ['cluster']);

/**
 * Whether the primaries of the clusters answer, each asked by itself on a connection of its own. Only where there are several:
 * then nobody waits for one that is known to be down, so that it takes no connections and no time from the others' tenants.
 */
@Injectable()
export class ClusterHealth implements OnApplicationShutdown {
  private readonly probes = new Map<string, ClusterProbe>();
  private readonly listeners: ((cluster: string) => void)[] = [];

  constructor(@Inject(DATABASE_OPTIONS) private readonly options: DatabaseOptions) {}

  /** Begins to watch the cluster. @throws ClusterUnavailable when it is known to be down */
  require(name: string): void {
    if (this.options.clusters.length > 1 && this.probe(name).isDown) throw new ClusterUnavailable();
  }

  /** Clusters that are known to be down. */
  down(): string[] {
    return [...this.probes].filter(([, probe]) => probe.isDown).map(([name]) => name);
  }

  /** Told when a cluster is found to be down. */
  onDown(listener: (cluster: string) => void): void {
    this.listeners.push(listener);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.probes.values()].map((probe) => probe.stop()));
  }

  private probe(name: string): ClusterProbe {
    const known = this.probes.get(name);
    if (known) return known;
    const cluster = clusterNamed(this.options.clusters, name);
    const tellDown = () => {
      for (const tell of this.listeners) tell(name);
    };
    // Whoever asks first is not whom it is about.
    const probe = runInContext(NOBODY, () => new ClusterProbe(cluster, this.options.tenant, tellDown));
    this.probes.set(name, probe);
    return probe;
  }
}

/** Asks one primary again and again. */
class ClusterProbe {
  isDown = false;
  private failures = 0;
  private client: pg.Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void>;
  private stopped = false;

  constructor(
    private readonly cluster: ClusterOptions,
    private readonly login: DatabaseOptions['tenant'],
    private readonly tellDown: () => void,
  ) {
    this.running = this.round();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
    await this.client?.end();
  }

  private async round(): Promise<void> {
    try {
      await this.ask();
      this.answered();
    } catch (error) {
      this.failed(error);
    }
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.round();
    }, PROBE_EVERY_MS);
  }

  private async ask(): Promise<void> {
    this.client ??= await this.connect();
    await this.client.query('select 1');
  }

  private async connect(): Promise<pg.Client> {
    const { username, ...login } = this.login;
    const [database] = this.cluster.databases;
    const client = new pg.Client({
      ...login,
      ...this.cluster.write,
      database: database ?? login.database,
      user: username,
      application_name: 'quoin health',
      connectionTimeoutMillis: PROBE_TIMEOUT_MS,
      query_timeout: PROBE_TIMEOUT_MS,
    });
    // The next question finds out.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  private answered(): void {
    this.failures = 0;
    up.set({ cluster: this.cluster.name }, 1);
    if (!this.isDown) return;
    this.isDown = false;
    logger().info({ cluster: this.cluster.name }, 'the database cluster answers again');
  }

  private failed(error: unknown): void {
    const { client } = this;
    this.client = undefined;
    // Nobody waits for a server that may never answer a farewell.
    (client as unknown as { connection: { stream: { destroy(): void } } } | undefined)?.connection.stream.destroy();
    this.failures += 1;
    if (this.isDown || this.failures < FAILURES_MAX) return;
    this.isDown = true;
    up.set({ cluster: this.cluster.name }, 0);
    logger().error({ err: error, cluster: this.cluster.name }, 'the database cluster does not answer');
    this.tellDown();
  }
}
