import type { TestingModule } from '@nestjs/testing';
import { runInContext, type TenantIdentity } from '#libs/context';
import {
  Consistency,
  consistencyToken,
  type Endpoint,
  ReplicaRouter,
  UnitOfWork,
  type UnitOfWorkOptions,
  type WalPosition,
} from '#libs/database';
import { widget, Widgets, widgetSchema } from '#libs/database/testing';
import { createTestDatabase, type TestDatabase, testingModule, testTenant } from '#libs/testing';
import { eventually } from './eventually.js';
import { ReplicatedStack } from './replicated-stack.js';

/** Asked inside of a read: which server it is. */
const WHERE = 'select pg_is_in_recovery() as replica, inet_server_port() as port';

/** The data access of one process on a replicated database, with the smallest table there is. Close it in `afterAll`. */
export class ReplicatedWidgets {
  readonly tenant: TenantIdentity;

  private constructor(
    readonly stack: ReplicatedStack,
    readonly database: TestDatabase,
    private readonly module: TestingModule,
    private readonly ownsStack: boolean,
  ) {
    this.tenant = testTenant(database);
  }

  static async open(purpose: string, replicas = 1): Promise<ReplicatedWidgets> {
    const stack = await ReplicatedStack.open(purpose, replicas);
    try {
      const database = await createTestDatabase([widgetSchema]);
      const reads = stack.postgres.replicas.map(({ port }) => ({ host: '127.0.0.1', port }));
      for (const replica of stack.postgres.replicas) await stack.postgres.untilReplayed(replica);
      return await ReplicatedWidgets.on(stack, database, reads, true);
    } catch (error) {
      await stack.close();
      throw error;
    }
  }

  /** Another process on the same databases, which may know other addresses of the replicas. */
  beside(reads: readonly Endpoint[], options: Partial<TestDatabase['options']> = {}): Promise<ReplicatedWidgets> {
    return ReplicatedWidgets.on(this.stack, this.database, reads, false, options);
  }

  private static async on(
    stack: ReplicatedStack,
    database: TestDatabase,
    reads: readonly Endpoint[],
    ownsStack: boolean,
    options: Partial<TestDatabase['options']> = {},
  ): Promise<ReplicatedWidgets> {
    const clusters = database.options.clusters.map((cluster) => ({ ...cluster, reads }));
    const split = { ...database, options: { ...database.options, clusters, ...options } };
    const module = await testingModule(split, { providers: [Widgets] });
    return new ReplicatedWidgets(stack, database, module, ownsStack);
  }

  get unitOfWork(): UnitOfWork {
    return this.module.get(UnitOfWork);
  }

  get widgets(): Widgets {
    return this.module.get(Widgets);
  }

  get router(): ReplicaRouter {
    return this.module.get(ReplicaRouter);
  }

  /** Runs `work` as one request whose reads may go to replicas that have come to `needed`. */
  async request<T>(work: (consistency: Consistency) => Promise<T>, needed?: WalPosition | string): Promise<T> {
    const consistency = new Consistency();
    consistency.mayUseReplicas();
    if (typeof needed === 'string') consistency.needToken(needed);
    else if (needed) consistency.need(needed);
    return runInContext({ tenant: this.tenant, consistency, unitOfWork: undefined }, () => work(consistency));
  }

  /** Writes one widget in a request of its own and gives the token that the answer would carry. */
  async write(name: string): Promise<string> {
    return this.request(async (consistency) => {
      await this.unitOfWork.run(() => this.widgets.insert(widget(name)));
      if (!consistency.seen) throw new Error('the commit told no position');
      return consistencyToken(consistency.seen);
    });
  }

  /** Whether a request that brings the token finds the widget, and who answered. */
  async find(name: string, token?: string): Promise<{ readonly found: boolean; readonly replica: boolean }> {
    return this.request(
      () =>
        this.unitOfWork.read(async () => {
          const found = await this.unitOfWork.query('select from widget where name = $1', [name]);
          const [where] = await this.unitOfWork.query<{ replica: boolean }>(WHERE);
          return { found: found.length > 0, replica: where?.replica ?? false };
        }),
      token,
    );
  }

  /** The port of the server that answers a read which needs nothing. */
  async port(options: UnitOfWorkOptions = {}, token?: string): Promise<number | undefined> {
    return this.request(async () => {
      const [where] = await this.unitOfWork.read(() => this.unitOfWork.query<{ port: number }>(WHERE), options);
      return where?.port;
    }, token);
  }

  /** Waits until reads that need nothing are served by a replica. */
  async untilSplit(): Promise<void> {
    await eventually('a replica serves', async () => (await this.port()) !== this.stack.primary.port || undefined);
  }

  async close(): Promise<void> {
    await this.module.close();
    if (!this.ownsStack) return;
    // Its servers go, whatever became of the database.
    try {
      await this.database.drop();
    } finally {
      await this.stack.close();
    }
  }
}
