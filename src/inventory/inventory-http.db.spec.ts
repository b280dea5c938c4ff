import { Injectable, Module } from '@nestjs/common';
import { CatalogModule, CreateProducts } from '#erp/catalog';
import { catalogSchema } from '#erp/catalog/schema';
import { newProduct } from '#erp/catalog/testing';
import { type AccessClaims, AccessTokens, SessionVerifier } from '#libs/auth';
import { CacheModule } from '#libs/cache';
import { ContextModule, type Principal, type TenantIdentity } from '#libs/context';
import { DatabaseModule } from '#libs/database';
import { EventsModule } from '#libs/events';
import { RequestGuards, RequestUnitsOfWork } from '#libs/http';
import { testServer, type TestServer } from '#libs/http/testing';
import { uuidv7 } from '#libs/kernel';
import { inTenant, TenancyModule, TenantDirectory } from '#libs/tenancy';
import { createTestDatabase, registerTenant, type TestDatabase, testTenant } from '#libs/testing';
import { InventoryHttpModule } from './http.js';
import { InventoryModule } from './index.js';
import { inventorySchema } from './schema.js';
import { FakeStockDemands, stockDemandFakeSchema } from './testing/index.js';

/** The session says what its user may do. */
@Injectable()
class Sessions extends SessionVerifier {
  override async verify(claims: AccessClaims): Promise<Principal> {
    const permissions = claims.userId === CLERK ? ['inventory.read', 'inventory.write'] : ['inventory.read'];
    return { kind: 'user', id: claims.userId, permissions: new Set(permissions) };
  }
}

@Module({ providers: [Sessions], exports: [Sessions] })
class SessionsModule {}

const CLERK = uuidv7();
const VIEWER = uuidv7();

let database: TestDatabase;
let tenant: TenantIdentity;
let server: TestServer;
const tokens = new Map<string, string>();
let lamp: string;

beforeAll(async () => {
  database = await createTestDatabase([catalogSchema, inventorySchema, stockDemandFakeSchema]);
  tenant = testTenant(database);
  await registerTenant(database, tenant);
  @Module({
    imports: [
      ContextModule,
      DatabaseModule.forRoot(database.options),
      CacheModule.forRoot({}),
      TenancyModule,
      EventsModule.forRoot(),
      RequestGuards.forRoot({ tenants: TenantDirectory, sessions: Sessions, imports: [SessionsModule] }),
      CatalogModule,
      InventoryModule,
      RequestUnitsOfWork,
      InventoryHttpModule,
    ],
    providers: [FakeStockDemands],
  })
  class Shop {}
  server = await testServer(Shop);
  const issuer = server.app.get(AccessTokens);
  for (const userId of [CLERK, VIEWER]) {
    const claims = { userId, tenantId: tenant.id, tenantSlug: tenant.slug, sessionId: uuidv7() };
    tokens.set(userId, (await issuer.issue(claims)).token);
  }
  const create = server.app.get(CreateProducts);
  const products = await inTenant(tenant, () => create.execute([newProduct('LAMP')]));
  lamp = products[0]!.id;
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

interface Answer {
  readonly status: number;
  readonly etag: string | null;
  readonly body: Record<string, unknown> & { id: string; items: Record<string, unknown>[] };
}

async function call(method: string, path: string, body?: unknown, more: Record<string, string> = {}): Promise<Answer> {
  const { as = CLERK, ...headers } = more;
  const response = await fetch(`${server.url}/v1/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${tokens.get(as)}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return {
    status: response.status,
    etag: response.headers.get('etag'),
    body: (await response.json()) as Answer['body'],
  };
}

const gbp = (amount: string) => ({ amount, currency: 'GBP' });

async function warehouse(code: string): Promise<string> {
  return (await call('POST', 'warehouses', { code, name: `Warehouse ${code}` })).body.id;
}

describe('warehouses', () => {
  it('are opened, read, changed at the version that was seen, and archived', async () => {
    const address = { line1: '1 Quay', city: 'Leith', country: 'GB' };
    const opened = await call('POST', 'warehouses', { code: 'LEITH', name: 'Leith', address });
    expect(opened).toMatchObject({ status: 201, etag: '"1"', body: { code: 'LEITH', address, status: 'active' } });
    const path = `warehouses/${opened.body.id}`;
    expect(await call('GET', path)).toMatchObject({ status: 200, etag: '"1"', body: { name: 'Leith' } });
    const renamed = await call('PATCH', path, { name: 'Leith Docks' }, { 'if-match': '"1"' });
    expect(renamed).toMatchObject({ status: 200, etag: '"2"', body: { name: 'Leith Docks', address } });
    const stale = await call('PATCH', path, { name: 'Old' }, { 'if-match': '"1"' });
    expect(stale).toMatchObject({ status: 412, body: { code: 'precondition.failed' } });
    await call('PATCH', path, { status: 'archived' });
    const lines = [{ productId: lamp, quantity: 1, unitCost: gbp('1') }];
    const refused = await call('POST', 'stock-receipts', { warehouseId: opened.body.id, lines });
    expect(refused).toMatchObject({ status: 409, body: { code: 'inventory.warehouse.archived' } });
  });

  it('have codes of their own', async () => {
    await warehouse('TWICE');
    const again = await call('POST', 'warehouses', { code: 'TWICE', name: 'Again' });
    expect(again).toMatchObject({ status: 409, body: { code: 'inventory.warehouse.code_taken' } });
    expect((await call('GET', 'warehouses?code=TWICE')).body.items).toHaveLength(1);
    expect(await call('GET', `warehouses/${uuidv7()}`)).toMatchObject({
      status: 404,
      body: { code: 'inventory.warehouse.not_found' },
    });
  });
});

describe('receipts', () => {
  it('bring stock in at its cost, once for each external reference', async () => {
    const warehouseId = await warehouse('IN');
    const lines = [
      { productId: lamp, quantity: 3, unitCost: gbp('1.3335') },
      { productId: lamp, quantity: 1, unitCost: gbp('2') },
    ];
    const receipt = { warehouseId, businessDate: '2026-02-03', reference: 'DN 7', externalRef: 'X-1', lines };
    const recorded = await call('POST', 'stock-receipts', receipt);
    expect(recorded).toMatchObject({ status: 201, body: { kind: 'receipt', value: gbp('6.00'), reference: 'DN 7' } });
    const path = `stock-receipts/${recorded.body.id}`;
    expect((await call('GET', path)).body).toEqual(recorded.body);
    expect(recorded.body['lines']).toMatchObject([
      { lineNo: 1, quantity: 3, unitCost: gbp('1.3335'), value: gbp('4.00') },
      { lineNo: 2, quantity: 1, unitCost: gbp('2.00'), value: gbp('2.00') },
    ]);
    const again = await call('POST', 'stock-receipts', receipt);
    expect(again).toMatchObject({ status: 409, body: { code: 'inventory.document.external_ref_taken' } });
    const levels = await call('GET', `stock-levels?warehouseId=${warehouseId}&productId=${lamp}`);
    expect(levels.body.items).toMatchObject([{ onHand: 4, reserved: 0, available: 4, value: gbp('6.00') }]);
  });

  it.each([
    ['a product that nobody knows', { productId: uuidv7() }, 422, 'inventory.product.not_stockable'],
    ['a cost below zero', { unitCost: gbp('-1') }, 400, 'inventory.cost.negative'],
    ['another currency', { unitCost: { amount: '1', currency: 'EUR' } }, 422, 'money.currency_mismatch'],
    ['no units', { quantity: 0 }, 400, 'request.invalid'],
    ['half a unit', { quantity: 0.5 }, 400, 'request.invalid'],
    ['a field that is not there', { lot: 'A' }, 400, 'request.invalid'],
  ])('refuse %s', async (_name, fault, status, code) => {
    const warehouseId = await warehouse(`R${status}${Math.abs(code.length * 31 + _name.length)}`);
    const lines = [{ productId: lamp, quantity: 1, unitCost: gbp('1'), ...fault }];
    expect(await call('POST', 'stock-receipts', { warehouseId, lines })).toMatchObject({ status, body: { code } });
  });
});

describe('adjustments', () => {
  it('correct the stock up and down, and never below what is there', async () => {
    const warehouseId = await warehouse('COUNT');
    const found = { productId: lamp, quantity: 4, reason: 'found', unitCost: gbp('2.50') };
    const lost = { productId: lamp, quantity: -1, reason: 'broken' };
    const recorded = await call('POST', 'stock-adjustments', { warehouseId, lines: [found, lost] });
    expect(recorded).toMatchObject({ status: 201, body: { value: gbp('7.50') } });
    expect(recorded.body['lines']).toMatchObject([{ value: gbp('10.00') }, { value: gbp('-2.50'), unitCost: null }]);
    expect((await call('GET', `stock-adjustments/${recorded.body.id}`)).body).toEqual(recorded.body);
    expect((await call('GET', `stock-adjustments?warehouseId=${warehouseId}`)).body.items).toHaveLength(1);
    const tooMany = await call('POST', 'stock-adjustments', { warehouseId, lines: [{ ...lost, quantity: -4 }] });
    expect(tooMany).toMatchObject({ status: 409, body: { code: 'inventory.stock.insufficient' } });
    const movements = await call('GET', `stock-movements?documentId=${recorded.body.id}`);
    expect(movements.body.items).toMatchObject([
      { kind: 'adjustment', quantity: -1, value: gbp('-2.50') },
      { kind: 'adjustment', quantity: 4, value: gbp('10.00') },
    ]);
  });
});

describe('lists', () => {
  it('go on where the page before ended', async () => {
    const warehouseId = await warehouse('PAGES');
    const lines = [{ productId: lamp, quantity: 1, unitCost: gbp('1') }];
    for (let index = 0; index < 3; index++) await call('POST', 'stock-receipts', { warehouseId, lines });
    for (const list of ['stock-movements', 'stock-receipts']) {
      const first = await call('GET', `${list}?warehouseId=${warehouseId}&limit=2`);
      const cursor = String(first.body['nextCursor']);
      const second = await call('GET', `${list}?warehouseId=${warehouseId}&limit=2&cursor=${cursor}`);
      expect(new Set([...first.body.items, ...second.body.items].map((item) => item['id']))).toHaveProperty('size', 3);
      expect(second.body['nextCursor']).toBeNull();
    }
  });

  it('are read with inventory.read, and written with inventory.write', async () => {
    const as = VIEWER;
    for (const list of ['warehouses', 'stock-receipts', 'stock-adjustments', 'stock-levels', 'stock-movements']) {
      expect(await call('GET', list, undefined, { as })).toMatchObject({ status: 200 });
    }
    expect(await call('POST', 'warehouses', { code: 'NO', name: 'No' }, { as })).toMatchObject({ status: 403 });
  });
});
