import { type Caller, type TenantApi, tenantApi } from '#libs/http/testing';
import type { TenantIdentity } from '#libs/context';
import { uuidv7 } from '#libs/kernel';
import { createTestDatabase, registerTenant, type TestDatabase, testTenant } from '#libs/testing';
import { CATALOG_READ, CATALOG_WRITE } from './catalog.permissions.js';
import { CatalogHttpModule } from './http.js';
import { catalogSchema } from './schema.js';

interface Entity {
  readonly id: string;
  readonly slug: string;
  readonly version: number;
}

interface Listed {
  readonly items: readonly Record<string, unknown>[];
  readonly nextCursor: string | null;
}

let database: TestDatabase;
let api: TenantApi;
let tenant: TenantIdentity;
let clerk: Caller;
let visitor: Caller;

beforeAll(async () => {
  database = await createTestDatabase([catalogSchema]);
  api = await tenantApi(database, { imports: [CatalogHttpModule] });
});

afterAll(async () => {
  await api.stop();
  await database.drop();
});

beforeEach(async () => {
  tenant = testTenant(database);
  await registerTenant(database, tenant);
  clerk = await api.signIn(tenant, [CATALOG_READ, CATALOG_WRITE]);
  visitor = api.visitor(tenant);
});

const gbp = (amount: string) => ({ amount, currency: 'GBP' });
const mug = (overrides: Record<string, unknown> = {}) => ({
  sku: 'MUG',
  name: 'Blue mug',
  price: gbp('2.50'),
  taxCode: 'standard',
  taxRatePercent: '20',
  ...overrides,
});

async function product(overrides: Record<string, unknown> = {}): Promise<Entity> {
  const { status, body } = await clerk<Entity>('POST /v1/products', { body: mug(overrides) });
  expect(status).toBe(201);
  return body;
}

async function category(name: string, overrides: Record<string, unknown> = {}): Promise<Entity> {
  const { status, body } = await clerk<Entity>('POST /v1/categories', { body: { name, ...overrides } });
  expect(status).toBe(201);
  return body;
}

const names = ({ items }: Listed) => items.map(({ name }) => name);

describe('products', () => {
  it('are created, read, changed at the version that was seen, archived and restored', async () => {
    const created = await clerk<Entity>('POST /v1/products', { body: mug() });
    expect([created.status, created.etag, created.headers.get('location')]).toEqual([
      201,
      '"1"',
      `/v1/products/${created.body.id}`,
    ]);
    const route = `/v1/products/${created.body.id}`;
    expect((await clerk(`GET ${route}`)).body).toEqual({
      ...mug(),
      id: created.body.id,
      slug: 'blue-mug',
      description: '',
      kind: 'goods',
      categoryId: null,
      status: 'active',
      version: 1,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
    const headers = { 'if-match': '"1"' };
    const changed = await clerk(`PATCH ${route}`, { body: { price: gbp('2.5575') }, headers });
    expect(changed).toMatchObject({ status: 200, etag: '"2"', body: { price: gbp('2.5575'), version: 2 } });
    expect(await clerk(`PATCH ${route}`, { body: { name: 'Late' }, headers })).toMatchObject({
      status: 412,
      body: { code: 'precondition.failed', details: { expectedVersion: 1, currentVersion: 2 } },
    });
    expect(await clerk(`POST ${route}/archival`, { headers })).toMatchObject({ status: 412 });
    expect(await clerk(`POST ${route}/archival`)).toMatchObject({ status: 200, body: { status: 'archived' } });
    expect(await clerk(`DELETE ${route}/archival`)).toMatchObject({ status: 200, etag: '"4"' });
  });

  it('of eight editors with the same If-Match, one succeeds and no change is lost', async () => {
    const { id } = await product();
    const edits = Array.from({ length: 8 }, (_, index) =>
      clerk(`PATCH /v1/products/${id}`, { body: { name: `Name ${index}` }, headers: { 'if-match': '"1"' } }),
    );
    const answers = await Promise.all(edits);
    const [winner, ...others] = answers.filter(({ status }) => status === 200);
    expect(others).toEqual([]);
    const losers = answers.filter(({ status }) => status !== 200);
    expect(losers.every(({ status }) => status === 412 || status === 409)).toBe(true);
    for (const { body } of losers.filter(({ status }) => status === 409)) {
      expect(body).toMatchObject({
        code: 'conflict.concurrent_modification',
        details: { expectedVersion: 1, currentVersion: 2, changed: expect.arrayContaining(['name']) },
      });
    }
    expect((await clerk(`GET /v1/products/${id}`)).body).toMatchObject({ name: winner?.body['name'], version: 2 });
  });

  it('refuse what contradicts another record, and tell nothing of other tenants', async () => {
    await product();
    expect(await clerk('POST /v1/products', { body: mug() })).toMatchObject({
      status: 409,
      body: { code: 'catalog.product.sku_taken', details: { skus: ['MUG'] } },
    });
    const slug = 'blue-mug';
    expect(await clerk('POST /v1/products', { body: mug({ sku: 'X', slug }) })).toMatchObject({
      status: 409,
      body: { code: 'catalog.product.slug_taken' },
    });
    const other = testTenant(database);
    await registerTenant(database, other);
    const stranger = await api.signIn(other, [CATALOG_WRITE]);
    expect(await stranger('POST /v1/products', { body: mug({ slug }) })).toMatchObject({ status: 201 });
  });

  it.each([
    ['a price below zero', { price: gbp('-0.01') }, 400, 'request.invalid'],
    ['a price with five decimals', { price: gbp('1.00001') }, 400, 'request.invalid'],
    ['a price as a number', { price: { amount: 1.5, currency: 'GBP' } }, 400, 'request.invalid'],
    ['a price with a leading zero', { price: gbp('01.00') }, 400, 'money.invalid'],
    ['a price in another currency', { price: { amount: '1', currency: 'EUR' } }, 422, 'money.currency_mismatch'],
    ['a price beyond all books', { price: gbp('1000000000000000') }, 422, 'money.out_of_range'],
    ['a tax rate above 100 %', { taxRatePercent: '100.0001' }, 400, 'tax_rate.invalid'],
    ['a category of nobody', { categoryId: uuidv7() }, 422, 'catalog.product.category_unknown'],
    ['an unknown field', { tenantId: uuidv7() }, 400, 'request.invalid'],
    ['a slug with capitals', { slug: 'Mug' }, 400, 'request.invalid'],
    ['a NUL in the name', { name: 'a\u0000b' }, 400, 'request.invalid'],
  ])('refuse %s', async (_, overrides, status, code) => {
    expect(await clerk('POST /v1/products', { body: mug(overrides) })).toMatchObject({ status, body: { code } });
  });

  it.each(['0.0001', '2.50', '2.5575', '922337203685477.5807'])('keep the price %s as it is', async (amount) => {
    const { id } = await product({ price: gbp(amount) });
    expect((await clerk(`GET /v1/products/${id}`)).body).toMatchObject({ price: gbp(amount) });
  });

  it('are listed with filters, page by page', async () => {
    const { id: categoryId } = await category('Mugs');
    await product({ sku: 'A', name: 'Red mug', categoryId });
    await product({ sku: 'B', name: 'Green mug', categoryId });
    await product({ sku: 'C', name: 'Wrapping', kind: 'service' });
    const list = async (query: string) => (await clerk<Listed>(`GET /v1/products?${query}`)).body;
    expect(names(await list('q=MUG'))).toEqual(['Green mug', 'Red mug']);
    expect(names(await list(`categoryId=${categoryId}&sku=A`))).toEqual(['Red mug']);
    expect(names(await list('kind=service&status=active'))).toEqual(['Wrapping']);
    const first = await list('limit=2');
    expect(names(first)).toEqual(['Wrapping', 'Green mug']);
    expect(await list(`limit=2&cursor=${first.nextCursor}`)).toMatchObject({
      items: [{ name: 'Red mug' }],
      nextCursor: null,
    });
    expect(await clerk('GET /v1/products?cursor=bm9wZQ')).toMatchObject({
      status: 400,
      body: { code: 'cursor.invalid' },
    });
    expect(await clerk('GET /v1/products?limit=201')).toMatchObject({ status: 400 });
  });
});

describe('categories', () => {
  it('are created, moved, listed and removed', async () => {
    const home = await category('Home');
    const mugs = await category('Mugs', { parentId: home.id, position: 2 });
    const route = `/v1/categories/${mugs.id}`;
    expect(await clerk(`GET ${route}`)).toMatchObject({ status: 200, etag: '"1"', body: { parentId: home.id } });
    const stale = { body: { name: 'Cups' }, headers: { 'if-match': '"9"' } };
    expect(await clerk(`PATCH ${route}`, stale)).toMatchObject({ status: 412 });
    expect(await clerk(`PATCH ${route}`, { body: { name: 'Cups' } })).toMatchObject({ status: 200, etag: '"2"' });
    expect(await clerk(`PATCH /v1/categories/${home.id}`, { body: { parentId: mugs.id } })).toMatchObject({
      status: 409,
      body: { code: 'catalog.category.cycle' },
    });
    const below = await clerk<Listed>(`GET /v1/categories?parentId=${home.id}`);
    expect(names(below.body)).toEqual(['Cups']);
    expect(await clerk(`DELETE /v1/categories/${home.id}`)).toMatchObject({
      status: 409,
      body: { code: 'catalog.category.in_use' },
    });
    expect(await clerk(`DELETE ${route}`, { headers: { 'if-match': '"1"' } })).toMatchObject({ status: 412 });
    expect(await clerk(`DELETE ${route}`, { headers: { 'if-match': '"2"' } })).toMatchObject({
      status: 204,
      body: null,
    });
    expect(await clerk(`GET ${route}`)).toMatchObject({ status: 404, body: { code: 'catalog.category.not_found' } });
  });
});

describe('another tenant’s ids', () => {
  it('are unknown on every route', async () => {
    const theirs = { product: await product(), category: await category('Theirs') };
    const other = testTenant(database);
    await registerTenant(database, other);
    const stranger = await api.signIn(other, [CATALOG_READ, CATALOG_WRITE]);
    const [products, categories] = [`/v1/products/${theirs.product.id}`, `/v1/categories/${theirs.category.id}`];
    const routes = [
      [`GET ${products}`],
      [`PATCH ${products}`, { name: 'Mine' }],
      [`POST ${products}/archival`],
      [`DELETE ${products}/archival`],
      [`GET ${categories}`],
      [`PATCH ${categories}`, { name: 'Mine' }],
      [`DELETE ${categories}`],
      ['GET /v1/catalog/products/blue-mug'],
      ['GET /v1/catalog/products?category=theirs'],
    ] as const;
    for (const [route, body] of routes) {
      expect([route, (await stranger(route, { body })).status]).toEqual([route, 404]);
    }
    for (const list of ['products', 'categories', 'catalog/products', 'catalog/categories']) {
      expect((await stranger<Listed>(`GET /v1/${list}`)).body.items).toEqual([]);
    }
    expect((await clerk(`GET ${products}`)).body).toMatchObject({ name: 'Blue mug', version: 1 });
  });
});

describe('permissions', () => {
  it('are asked for by every route but the public ones', async () => {
    const { id } = await product();
    const viewer = await api.signIn(tenant, [CATALOG_READ]);
    const stranger = await api.signIn(tenant, []);
    for (const route of ['GET /v1/products', `GET /v1/products/${id}`, 'GET /v1/categories']) {
      expect([(await viewer(route)).status, (await stranger(route)).status]).toEqual([200, 403]);
    }
    for (const route of [
      'POST /v1/products',
      `PATCH /v1/products/${id}`,
      `POST /v1/products/${id}/archival`,
      `DELETE /v1/products/${id}/archival`,
      'POST /v1/categories',
      `PATCH /v1/categories/${id}`,
      `DELETE /v1/categories/${id}`,
    ]) {
      expect([route, (await viewer(route)).status]).toEqual([route, 403]);
      expect([route, (await visitor(route)).status]).toEqual([route, 401]);
    }
  });
});
