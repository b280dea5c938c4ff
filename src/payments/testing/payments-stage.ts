import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type LoggerService, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { catalogSchema } from '#erp/catalog/schema';
import { CreateCustomers } from '#erp/customers';
import { customersSchema } from '#erp/customers/schema';
import { newCustomer } from '#erp/customers/testing';
import { CreateWarehouse } from '#erp/inventory';
import { inventorySchema } from '#erp/inventory/schema';
import { PlaceSalesOrder } from '#erp/sales';
import { salesSchema } from '#erp/sales/schema';
import { type AccessClaims, AccessTokens, SessionVerifier } from '#libs/auth';
import { ConfigModule } from '#libs/config';
import { testConfig } from '#libs/config/testing';
import { CacheModule } from '#libs/cache';
import { ContextModule, type Principal, type TenantIdentity } from '#libs/context';
import { DatabaseModule, UnitOfWork } from '#libs/database';
import { EventsModule } from '#libs/events';
import { consumptionForTests, deliverAll } from '#libs/events/testing';
import { RequestGuards, RequestUnitsOfWork } from '#libs/http';
import { testServer, type TestServer } from '#libs/http/testing';
import { UnitPrice, uuidv7 } from '#libs/kernel';
import { NumberingModule } from '#libs/numbering';
import { inTenant, TenancyModule, TenantDirectory } from '#libs/tenancy';
import { createTestDatabase, registerTenant, type TestDatabase, testStack, testTenant } from '#libs/testing';
import { PaymentsHttpModule } from '../http.js';
import { PaymentsBooksCheck } from '../index.js';
import { PaymentsJobsModule } from '../jobs.js';
import { PROVIDER_TIMEOUT_MS } from '../provider/sandbox/sandbox-payment-provider.js';
import { paymentsSchema } from '../schema.js';
import { faultsOfLog } from './sandbox-oracle.js';
import { type CaughtWebhook, SANDBOX_KEYS, SandboxProcess } from './sandbox-process.js';

/** Sessions by the ids of their users: what follows is what they may do. */
const sessions = new Map<string, readonly string[]>();

@Injectable()
class Sessions extends SessionVerifier {
  override async verify(claims: AccessClaims): Promise<Principal> {
    return { kind: 'user', id: claims.userId, permissions: new Set(sessions.get(claims.userId)) };
  }
}

@Module({ providers: [Sessions], exports: [Sessions] })
class SessionsModule {}

/** An answer of the API. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown> & { id: string; code?: string; items: Record<string, unknown>[] };
}

/** The failures that specs bring about are not for the log. */
const SILENT: LoggerService = { log: () => undefined, warn: () => undefined, error: () => undefined };

const CONSUMER = 'payments.provider';
const EVERYTHING = ['payment.read', 'payment.write', 'payment.refund'];

/** A sandbox, an api and a worker on a database of the spec's own. Deliveries run when the spec says so. */
export class PaymentsStage {
  tenant: TenantIdentity;

  private constructor(
    readonly database: TestDatabase,
    readonly sandbox: SandboxProcess,
    readonly worker: TestingModule,
    readonly api: TestServer,
  ) {
    this.tenant = testTenant(database);
  }

  static async open(): Promise<PaymentsStage> {
    const database = await createTestDatabase([
      catalogSchema,
      customersSchema,
      inventorySchema,
      salesSchema,
      paymentsSchema,
    ]);
    const sandbox = await SandboxProcess.start();
    const env = {
      ...testStack().env,
      PAYMENTS_SANDBOX_URL: sandbox.url,
      PAYMENTS_SANDBOX_API_KEY: SANDBOX_KEYS.apiKey,
      PAYMENTS_SANDBOX_WEBHOOK_SECRET: SANDBOX_KEYS.webhookSecret,
      API_RATE_LIMIT: '100000',
    };
    const worker = await workerOn(database, env);
    return new PaymentsStage(database, sandbox, worker, await apiOn(database, env));
  }

  async close(): Promise<void> {
    await this.api.stop();
    await this.worker.close();
    await this.sandbox.stop();
    await this.database.drop();
  }

  /** A verb or query of the worker. */
  get<T>(type: new (...parameters: never[]) => T): T {
    return this.worker.get<T>(type, { strict: false });
  }

  as<T>(work: () => Promise<T>): Promise<T> {
    return inTenant(this.tenant, work);
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    return this.as(() => this.get(UnitOfWork).run(work));
  }

  /** Everything from here on belongs to a new tenant. */
  async newTenant(overrides: Partial<TenantIdentity> = {}): Promise<void> {
    this.tenant = testTenant(this.database, overrides);
    await registerTenant(this.database, this.tenant);
  }

  /** A confirmed order of services that come to so much, like '100.00'; its id. */
  async order(total: string, { quantity = 1, confirm = true } = {}): Promise<string> {
    return this.as(async () => {
      const [customer] = await this.get(CreateCustomers).execute([newCustomer('Ada Ltd')]);
      const warehouse = await this.get(CreateWarehouse).execute({
        code: `W${uuidv7().slice(-9).toUpperCase()}`,
        name: 'Main',
      });
      const unitPrice = UnitPrice.parse(total, this.tenant.currency);
      const line = { name: 'Advice', unitPrice, taxCode: 'none', taxRatePpm: 0, quantity };
      const input = { customerId: customer!.id, warehouseId: warehouse.id, lines: [line], confirm };
      return (await this.get(PlaceSalesOrder).execute(input)).id;
    });
  }

  /** Calls the API as somebody of the tenant; each POST is one of its own unless it has the key of another. */
  async call(
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
    permissions = EVERYTHING,
    key: string = uuidv7(),
  ): Promise<Answer> {
    const userId = uuidv7();
    sessions.set(userId, permissions);
    const claims = { userId, tenantId: this.tenant.id, tenantSlug: this.tenant.slug, sessionId: uuidv7() };
    const { token } = await this.api.app.get(AccessTokens, { strict: false }).issue(claims);
    const headers = {
      authorization: `Bearer ${token}`,
      ...(method === 'POST' && { 'idempotency-key': key }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
    return answerOf(await fetch(this.api.url + path, init));
  }

  /** Passes a webhook on to the API, as it came unless told otherwise. */
  async passOn({ body, signature }: Pick<CaughtWebhook, 'body' | 'signature'>, provider = 'sandbox'): Promise<Answer> {
    const headers = { 'content-type': 'application/json', 'quoin-signature': signature };
    return answerOf(await fetch(`${this.api.url}/v1/webhooks/payments/${provider}`, { method: 'POST', headers, body }));
  }

  /** Waits for the webhooks of a payment or refund. */
  async webhooksOf(reference: string, count = 1): Promise<CaughtWebhook[]> {
    await until(() => this.sandbox.webhooksOf(reference).length >= count);
    return this.sandbox.webhooksOf(reference);
  }

  /** Requests a payment of an order through the API; its id. */
  async pay(orderId: string, method: string, amount?: string): Promise<string> {
    const money = amount === undefined ? {} : { amount: { amount, currency: this.tenant.currency } };
    const answer = await this.call('POST', `/v1/sales-orders/${orderId}/payments`, { method, ...money });
    if (answer.status !== 201) throw new Error(`payment refused: ${answer.body.code}`);
    return answer.body.id;
  }

  /** An order of 100.00 that is paid; the payment's id. */
  async captured(method = 'pm_ok'): Promise<string> {
    const paymentId = await this.pay(await this.order('100.00'), method);
    await this.settle();
    return paymentId;
  }

  /** Asks for a refund through the API. */
  refund(paymentId: string, amount?: string): Promise<Answer> {
    const money = amount === undefined ? {} : { amount: { amount, currency: this.tenant.currency } };
    return this.call('POST', `/v1/payments/${paymentId}/refunds`, money);
  }

  /** Runs what is due once: outcomes of the consumer in order. */
  async deliver(): Promise<string[]> {
    const delivered = await deliverAll(this.worker, this.tenant, [CONSUMER]);
    return delivered.map(({ outcome }) => outcome);
  }

  /** Runs what is due, and what was deferred as if its time had come, until all is settled. */
  async settle(rounds = 20): Promise<string[]> {
    const outcomes: string[] = [];
    for (let round = 0; round < rounds; round++) {
      outcomes.push(...(await this.deliver()));
      if ((await this.hurry()) === 0) return outcomes;
      await sleep(20);
    }
    throw new Error(`not settled after ${rounds} rounds: ${outcomes.join(', ')}`);
  }

  /** The time of everything deferred has come; how many there are. */
  async hurry(): Promise<number> {
    const rows = await this.database.asSuperuser(
      `update platform.delivery set due_at = clock_timestamp()
       where tenant_id = $1 and consumer = $2 and state = 'pending' returning id`,
      [this.tenant.id, CONSUMER],
    );
    return rows.length;
  }

  /** How often each event of an aggregate was told. */
  async told(aggregateId: string): Promise<Record<string, number>> {
    const rows = await this.database.asSuperuser<{ type: string; count: number }>(
      'select type, count(*)::int count from platform.outbox_event where aggregate_id = $1 group by type order by type',
      [aggregateId],
    );
    return Object.fromEntries(rows.map(({ type, count }) => [type, count]));
  }

  /** Payload of the one event of the type. */
  async payload(type: string, aggregateId: string): Promise<unknown> {
    const rows = await this.database.asSuperuser<{ payload: unknown }>(
      'select payload from platform.outbox_event where type = $1 and aggregate_id = $2',
      [type, aggregateId],
    );
    return rows.length === 1 ? rows[0]?.payload : rows;
  }

  /** What is wrong with the tenant's payments. */
  async faults(): Promise<string[]> {
    const faults = await this.as(() => this.get(PaymentsBooksCheck).faults());
    return faults.map(({ code, message }) => `${code}: ${message}`);
  }

  /** For `afterEach`. @throws when anything is wrong with the tenant's payments, or with any money at the sandbox */
  async verify(): Promise<void> {
    const faults = [...(await this.faults()), ...faultsOfLog(await this.sandbox.log())];
    if (faults.length > 0) throw new Error(faults.join('\n'));
  }
}

async function workerOn(database: TestDatabase, env: Readonly<Record<string, string>>): Promise<TestingModule> {
  const module = await Test.createTestingModule({
    imports: [
      ConfigModule.forRoot(testConfig(env)),
      ContextModule,
      DatabaseModule.forRoot(database.options),
      CacheModule.forRoot({}),
      TenancyModule,
      EventsModule.forRoot(),
      NumberingModule,
      consumptionForTests(),
      PaymentsJobsModule,
    ],
  })
    .overrideProvider(PROVIDER_TIMEOUT_MS)
    .useValue(500)
    .setLogger(SILENT)
    .compile();
  return module.init();
}

async function apiOn(database: TestDatabase, env: Readonly<Record<string, string>>): Promise<TestServer> {
  @Module({
    imports: [
      ContextModule,
      DatabaseModule.forRoot(database.options),
      CacheModule.forRoot({}),
      TenancyModule,
      EventsModule.forRoot(),
      NumberingModule,
      RequestGuards.forRoot({ tenants: TenantDirectory, sessions: Sessions, imports: [SessionsModule] }),
      RequestUnitsOfWork,
      PaymentsHttpModule,
    ],
  })
  class PaymentsApi {}
  return testServer(PaymentsApi, { env });
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const body = (text === '' ? {} : JSON.parse(text)) as Answer['body'];
  return { status: response.status, headers: response.headers, body };
}

/** Waits until `condition` holds. @throws when it does not within ten seconds */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`not within 10 s: ${condition.toString()}`);
    await sleep(10);
  }
}
