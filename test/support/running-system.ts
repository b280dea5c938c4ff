import { type CaughtWebhook, SANDBOX_KEYS, SandboxProcess } from '#erp/payments/testing';
import { PrivateRedis } from '#libs/events/testing';
import type { TestingModule } from '@nestjs/testing';
import { type NewTenant, ProvisionTenant } from '#erp/tenants';
import type { Placement, TenantIdentity } from '#libs/context';
import { createTestDatabase, type TestDatabase, testStack } from '#libs/testing';
import { schemas } from '../../ormconfig.js';
import { placingProcess } from './placing-process.js';
import { Program, type ProgramName } from './program.js';

/** What a spec may want otherwise. */
export interface RunningSystemOptions {
  /** Default: two of each. */
  readonly apis?: number;
  readonly workers?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Quoin as production runs it: several api and worker processes on databases, a Redis and a payment provider of one
 * spec's own, and on the test stack's S3 and mail catcher. Stop it in `afterAll`.
 */
export class RunningSystem {
  readonly apis: Program[] = [];
  readonly workers: Program[] = [];
  private readonly all: Program[] = [];

  private maker: Promise<TestingModule> | undefined;
  private turn = 0;
  private provider: SandboxProcess | undefined;

  private constructor(
    readonly database: TestDatabase,
    readonly redis: PrivateRedis,
    private readonly overrides: Readonly<Record<string, string>>,
  ) {}

  static async start({ apis = 2, workers = 2, env = {} }: RunningSystemOptions = {}): Promise<RunningSystem> {
    // One after the other: a Redis that nobody knows of, because the database failed, would keep Jest from ending.
    const database = await createTestDatabase(schemas);
    const redis = await PrivateRedis.start();
    const system = new RunningSystem(database, redis, env);
    try {
      system.provider = await SandboxProcess.start((webhook) => system.takeWebhook(webhook));
      const wanted: ProgramName[] = [...Array<'api'>(apis).fill('api'), ...Array<'worker'>(workers).fill('worker')];
      await Promise.all(wanted.map((app) => system.add(app)));
    } catch (error) {
      await system.stop();
      throw error;
    }
    return system;
  }

  /** One more process. */
  async add(app: ProgramName): Promise<Program> {
    const siblings = app === 'api' ? this.apis : this.workers;
    const program = await Program.start(app, this.environment(), `${app} ${siblings.length + 1}`);
    siblings.push(program);
    this.all.push(program);
    return program;
  }

  /** The URL of one of the apis that run, in turn: no step of a journey may depend on which one answers. */
  nextApi(): string {
    const running = this.apis.filter((api) => api.isRunning);
    this.turn += 1;
    const api = running[this.turn % running.length];
    if (!api) throw new Error(`no api is running\n${this.logs()}`);
    return api.url;
  }

  /** The ends of all logs. */
  logs(): string {
    return this.all.map((program) => `--- ${program.name}\n${program.tail()}`).join('\n');
  }

  /** Ends what still runs, and drops databases and Redis. */
  async stop(): Promise<void> {
    await Promise.all(this.all.map((program) => program.end('SIGTERM')));
    // One that could not be made was reported to who needed it; the rest is to end all the same.
    await this.maker?.then(
      (maker) => maker.close(),
      () => undefined,
    );
    await this.provider?.stop();
    await this.redis.kill();
    await this.database.drop();
  }

  /** The payment provider's own books. */
  get payments(): SandboxProcess {
    if (!this.provider) throw new Error('the payment provider does not run');
    return this.provider;
  }

  /** Every webhook reaches every api: a provider may well repeat itself. */
  private async takeWebhook({ body, signature }: CaughtWebhook): Promise<number> {
    const headers = { 'content-type': 'application/json', 'quoin-signature': signature };
    const running = this.apis.filter((api) => api.isRunning);
    if (running.length === 0) return 503;
    const calls = running.map((api) =>
      fetch(`${api.url}/v1/webhooks/payments/sandbox`, { method: 'POST', body, headers }),
    );
    const statuses = (await Promise.all(calls)).map((answer) => answer.status);
    return Math.max(...statuses);
  }

  /** Where the tenant's data are, by the landlord. */
  async placementOf(slug: string): Promise<Placement> {
    const { asSuperuserIn, options } = this.database;
    const [found] = await asSuperuserIn<Placement>(
      options.landlord.database,
      `select p.model, p.cluster, p.database, p.schema from placement p join tenant t on t.id = p.tenant_id where t.slug = $1`,
      [slug],
    );
    if (!found) throw new Error(`the landlord knows no tenant ${slug}`);
    return found;
  }

  /** Makes a tenant as an operator does who has the owner's login: `quoin tenants create`, without a process for each. */
  async makeTenant(request: NewTenant, model: Placement['model']): Promise<TenantIdentity> {
    this.maker ??= placingProcess(this.database, this.database.options);
    return (await this.maker).get(ProvisionTenant).execute(request, { model });
  }

  /** Of api and worker, which never get the owner's password. */
  environment(): Record<string, string> {
    const { DB_OWNER_USERNAME: _user, DB_OWNER_PASSWORD: _password, ...stack } = testStack().env;
    const { landlord, tenant } = this.database.options;
    const role = (database: number) => this.redis.url.replace(/\/0$/, `/${database}`);
    return {
      ...stack,
      DB_LANDLORD_DATABASE: landlord.database,
      DB_DATABASE: tenant.database,
      // Several processes of several specs share one small server.
      DB_POOL_MAX: '5',
      DB_TIMEOUT: '20',
      PAYMENTS_SANDBOX_URL: this.payments.url,
      PAYMENTS_SANDBOX_API_KEY: SANDBOX_KEYS.apiKey,
      PAYMENTS_SANDBOX_WEBHOOK_SECRET: SANDBOX_KEYS.webhookSecret,
      REDIS_QUEUE_URL: role(0),
      REDIS_CACHE_URL: role(1),
      REDIS_LOCK_URL: role(2),
      REDIS_SESSION_URL: role(3),
      API_RATE_LIMIT: '1000000',
      API_TENANT_RATE_LIMIT: '1000000',
      API_LOGIN_RATE_LIMIT: '1000000',
      API_REGISTRATION_RATE_LIMIT: '1000000',
      API_RESET_RATE_LIMIT: '1000000',
      API_SEARCH_RATE_LIMIT: '1000000',
      LOG_LEVEL: 'info',
      ...this.overrides,
    };
  }
}
