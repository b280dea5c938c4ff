import { Injectable, Module } from '@nestjs/common';
import { CreateProducts } from '#erp/catalog';
import { catalogSchema } from '#erp/catalog/schema';
import { newProduct } from '#erp/catalog/testing';
import { CreateCustomers } from '#erp/customers';
import { customersSchema } from '#erp/customers/schema';
import { newCustomer } from '#erp/customers/testing';
import { CreateWarehouse, RecordStockReceipt } from '#erp/inventory';
import { inventorySchema } from '#erp/inventory/schema';
import { CacheModule } from '#libs/cache';
import { type AccessClaims, AccessTokens, SessionVerifier } from '#libs/auth';
import { ContextModule, type Principal, type TenantIdentity } from '#libs/context';
import { DatabaseModule } from '#libs/database';
import { EventsModule } from '#libs/events';
import { RequestGuards, RequestUnitsOfWork } from '#libs/http';
import { testServer, type TestServer } from '#libs/http/testing';
import { UnitPrice, uuidv7 } from '#libs/kernel';
import { NumberingModule } from '#libs/numbering';
import { inTenant, TenancyModule, TenantDirectory } from '#libs/tenancy';
import { createTestDatabase, registerTenant, type TestDatabase, testTenant } from '#libs/testing';
import { SalesHttpModule } from './http.js';
import { salesSchema } from './schema.js';

const CLERK = uuidv7();
const VIEWER = uuidv7();
const DRAFTER = uuidv7();
const ALL = ['order.read', 'order.write', 'order.confirm', 'order.cancel', 'shipment.write'].map(
  (one) => `sales.${one}`,
);

const PERMISSIONS = new Map([
  [CLERK, ALL],
  [DRAFTER, ['sales.order.write']],
  [VIEWER, ['sales.order.read']],
]);

/** The session says what its user may do. */
@Injectable()
class Sessions extends SessionVerifier {
  override async verify(claims: AccessClaims): Promise<Principal> {
    return { kind: 'user', id: claims.userId, permissions: new Set(PERMISSIONS.get(claims.userId)) };
  }
}

@Module({ providers: [Sessions], exports: [Sessions] })
class SessionsModule {}

let database: TestDatabase;
let server: TestServer;
let tenant: TenantIdentity;
let stranger: TenantIdentity;
let mug: string;
let order: Record<string, unknown>;
const tokens = new Map<string, string>();

beforeAll(async () => {
  database = await createTestDatabase([catalogSchema, customersSchema, inventorySchema, salesSchema]);
  tenant = testTenant(database);
  stranger = testTenant(database);
  @Module({
    imports: [
      CacheModule.forRoot({}),
      ContextModule,
      DatabaseModule.forRoot(database.options),
      TenancyModule,
      EventsModule.forRoot(),
      NumberingModule,
      RequestGuards.forRoot({ tenants: TenantDirectory, sessions: Sessions, imports: [SessionsModule] }),
      RequestUnitsOfWork,
      SalesHttpModule,
    ],
  })
  class Shop {}
  server = await testServer(Shop);
  for (const one of [tenant, stranger]) await registerTenant(database, one);
  for (const [name, userId, { id: tenantId, slug: tenantSlug }] of [
    ['clerk', CLERK, tenant],
    ['viewer', VIEWER, tenant],
    ['drafter', DRAFTER, tenant],
    ['stranger', CLERK, stranger],
  ] as const) {
    const claims = { userId, tenantId, tenantSlug, sessionId: uuidv7() };
    tokens.set(name, (await server.app.get(AccessTokens).issue(claims)).token);
  }
  await inTenant(tenant, stockTheShop);
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

async function stockTheShop(): Promise<void> {
  const get = <T>(type: new (...parameters: never[]) => T): T => server.app.get<T>(type, { strict: false });
  const [product] = await get(CreateProducts).execute([newProduct('MUG')]);
  mug = product!.id;
  const [customer] = await get(CreateCustomers).execute([newCustomer('Ada Ltd')]);
  const { id: warehouseId } = await get(CreateWarehouse).execute({ code: 'MAIN', name: 'Main' });
  const lines = [{ productId: mug, quantity: 1_000, unitCost: UnitPrice.parse('1', 'GBP') }];
  await get(RecordStockReceipt).execute({ warehouseId, lines });
  order = { customerId: customer!.id, warehouseId, lines: [{ productId: mug, quantity: 4 }] };
}

interface Answer {
  readonly status: number;
  readonly etag: string | null;
  readonly body: Record<string, unknown> & { id: string; items: { id: string }[]; lines: { id: string }[] };
}

async function call(method: string, path: string, body?: unknown, more: Record<string, string> = {}): Promise<Answer> {
  const { as = 'clerk', ...headers } = more;
  const response = await fetch(`${server.url}/v1/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${tokens.get(as)}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(method === 'POST' && { 'idempotency-key': uuidv7() }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const etag = response.headers.get('etag');
  return { status: response.status, etag, body: (await response.json()) as Answer['body'] };
}

const place = (more: object = {}) => call('POST', 'sales-orders', { ...order, ...more });
const gbp = (amount: string) => ({ amount, currency: 'GBP' });

it('walks an order from draft to shipped', async () => {
  const placed = await place({ note: 'Ring twice', externalRef: 'web-1' });
  expect(placed).toMatchObject({
    status: 201,
    etag: '"1"',
    body: { status: 'draft', net: gbp('10.20'), tax: gbp('2.04'), total: gbp('12.24'), note: 'Ring twice' },
  });
  const path = `sales-orders/${placed.body.id}`;
  const changed = await call('PATCH', path, { lines: [{ productId: mug, quantity: 5 }] }, { 'if-match': '"1"' });
  expect(changed).toMatchObject({ status: 200, etag: '"2"', body: { total: gbp('15.30'), externalRef: 'web-1' } });
  expect(await call('PATCH', path, { note: null }, { 'if-match': '"1"' })).toMatchObject({ status: 412 });
  expect(await call('POST', `${path}/confirmation`)).toMatchObject({ status: 200, body: { status: 'confirmed' } });
  expect(await call('POST', `${path}/confirmation`)).toMatchObject({
    status: 409,
    body: { code: 'sales.order.not_confirmable' },
  });
  expect(await call('GET', path)).toMatchObject({ status: 200, etag: '"3"', body: { lines: [{ ordered: 5 }] } });
});

it('confirms at once, ships in parts and cancels the rest', async () => {
  const placed = await place({ confirm: true });
  expect(placed.body).toMatchObject({
    status: 'reserved',
    lines: [{ reserved: 4, backordered: 0, taxRatePercent: '20' }],
  });
  const path = `sales-orders/${placed.body.id}`;
  const lines = [{ lineId: placed.body.lines[0]!.id, quantity: 1 }];
  const shipped = await call('POST', `${path}/shipments`, { lines });
  expect(shipped).toMatchObject({
    status: 201,
    body: { orderId: placed.body.id, lines: [{ quantity: 1, returned: 0 }] },
  });
  expect(shipped.body).not.toHaveProperty('costMinor');
  expect(await call('POST', `${path}/cancellation`, { lines })).toMatchObject({
    status: 200,
    body: { status: 'partly_shipped' },
  });
  const tooMany = [{ ...lines[0], quantity: 3 }];
  expect(await call('POST', `${path}/shipments`, { lines: tooMany })).toMatchObject({
    status: 409,
    body: { code: 'sales.order.quantity_exceeded' },
  });
  expect(await call('POST', `${path}/shipments`, {})).toMatchObject({ status: 201 });
  expect((await call('GET', `${path}/shipments`)).body.items).toMatchObject([
    { id: shipped.body.id },
    { lines: [{ quantity: 2 }] },
  ]);
  expect((await call('GET', path)).body).toMatchObject({ status: 'shipped' });
  expect(await call('POST', `${path}/cancellation`, {})).toMatchObject({
    body: { code: 'sales.order.not_cancellable' },
  });
});

it('takes steps without a body as the whole', async () => {
  const placed = await place({ confirm: true });
  expect(await call('POST', `sales-orders/${placed.body.id}/shipments`)).toMatchObject({ status: 201 });
  const other = await place({ confirm: true });
  const cancelled = await call('POST', `sales-orders/${other.body.id}/cancellation`);
  expect(cancelled).toMatchObject({ status: 200, body: { status: 'cancelled' } });
});

it('lets whoever may not confirm place drafts alone', async () => {
  const as = 'drafter';
  expect(await call('POST', 'sales-orders', order, { as })).toMatchObject({ status: 201 });
  const refused = await call('POST', 'sales-orders', { ...order, confirm: true }, { as });
  expect(refused).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } });
});

it.each([
  ['no lines', { lines: [] }, 400, 'request.invalid'],
  [
    'too many lines',
    { lines: Array.from({ length: 501 }, () => ({ productId: uuidv7(), quantity: 1 })) },
    400,
    'request.invalid',
  ],
  ['half a unit', { lines: [{ productId: uuidv7(), quantity: 0.5 }] }, 400, 'request.invalid'],
  ['a field that is not there', { colour: 'red' }, 400, 'request.invalid'],
  ['an unknown customer', { customerId: uuidv7() }, 422, 'sales.order.customer_unknown'],
  ['an unknown warehouse', { warehouseId: uuidv7() }, 422, 'sales.order.warehouse_unknown'],
  ['an unknown product', { lines: [{ productId: uuidv7(), quantity: 1 }] }, 422, 'sales.order.product_unknown'],
  ['a line that says nothing', { lines: [{ quantity: 1 }] }, 422, 'sales.order.line_incomplete'],
  [
    'another currency',
    {
      lines: [
        { quantity: 1, name: 'Fee', taxCode: 'x', taxRatePercent: '0', unitPrice: { amount: '1', currency: 'EUR' } },
      ],
    },
    ...([422, 'money.currency_mismatch'] as const),
  ],
])('refuses an order with %s', async (_case, fault, status, code) => {
  expect(await place(fault)).toMatchObject({ status, body: { code } });
});

it('takes 500 lines in one request', async () => {
  const placed = await place({
    confirm: true,
    lines: Array.from({ length: 500 }, () => ({ productId: mug, quantity: 1 })),
  });
  expect(placed).toMatchObject({ status: 201, body: { status: 'reserved' } });
  await call('POST', `sales-orders/${placed.body.id}/cancellation`, {});
});

it('lists orders by what is asked', async () => {
  const { body } = await place({ externalRef: 'list-me' });
  expect((await call('GET', 'sales-orders?externalRef=list-me')).body.items).toMatchObject([
    { id: body.id, status: 'draft' },
  ]);
  expect((await call('GET', `sales-orders?limit=1&status=draft`)).body).toMatchObject({ items: [{ id: body.id }] });
  expect(await call('GET', 'sales-orders?colour=red')).toMatchObject({ status: 400 });
});

it('asks each step for its permission, and hides the orders of other tenants', async () => {
  const { id, lines } = (await place()).body;
  const writes: [string, string, unknown?][] = [
    ['POST', 'sales-orders', order],
    ['PATCH', `sales-orders/${id}`, { note: 'x' }],
    ['POST', `sales-orders/${id}/confirmation`],
    ['POST', `sales-orders/${id}/cancellation`, { lines: [{ lineId: lines[0]!.id, quantity: 1 }] }],
    ['POST', `sales-orders/${id}/shipments`, {}],
  ];
  for (const [method, path, body] of writes) {
    expect(await call(method, path, body, { as: 'viewer' })).toMatchObject({ status: 403 });
    const status = path === 'sales-orders' ? 422 : 404;
    expect(await call(method, path, body, { as: 'stranger' })).toMatchObject({ status });
  }
  for (const path of [`sales-orders/${id}`, `sales-orders/${id}/shipments`]) {
    expect(await call('GET', path, undefined, { as: 'viewer' })).toMatchObject({ status: 200 });
    expect(await call('GET', path, undefined, { as: 'stranger' })).toMatchObject({ status: 404 });
  }
});

it('numbers what is placed at once without gaps, though every third is refused at the end', async () => {
  await place({ externalRef: 'taken' });
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      place({ confirm: true, ...(index % 3 === 0 && { externalRef: 'taken' }) }),
    ),
  );
  const refused = answers.filter(({ status }) => status !== 201);
  expect(refused).toHaveLength(4);
  for (const { body } of refused) expect(body).toMatchObject({ code: 'sales.order.external_ref_taken' });
  const rows = await database.asSuperuser<{ id: string; number: string }>(
    'select id, number from sales_order where tenant_id = $1 order by number',
    [tenant.id],
  );
  const year = rows[0]?.number.slice(3, 7);
  expect(rows.map(({ number }) => number)).toEqual(
    rows.map((_, index) => `SO-${year}-${String(index + 1).padStart(6, '0')}`),
  );
  const numbers = new Map(rows.map(({ id, number }) => [id, number]));
  for (const { status, body } of answers) if (status === 201) expect(body['number']).toBe(numbers.get(body.id));
});

it('repeats an answer with the number that the first one had', async () => {
  const key = { 'idempotency-key': 'the-same-order' };
  const [first, second] = [
    await call('POST', 'sales-orders', order, key),
    await call('POST', 'sales-orders', order, key),
  ];
  expect(first.body['number']).toMatch(/^SO-\d{4}-\d{6}$/);
  expect(second).toEqual(first);
  expect((await call('GET', `sales-orders/${first.body.id}`)).body).toEqual(first.body);
});
