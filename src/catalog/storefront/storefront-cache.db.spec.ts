import { randomUUID } from 'node:crypto';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { testConfig } from '#libs/config/testing';
import type { TenantIdentity } from '#libs/context';
import { warmUp } from '#libs/http';
import { metrics } from '#libs/telemetry';
import { inTenant } from '#libs/tenancy';
import { type Caller, type TenantApi, tenantApi } from '#libs/http/testing';
import { createTestDatabase, registerTenant, type TestDatabase, testStack, testTenant } from '#libs/testing';
import { CATALOG_READ, CATALOG_WRITE } from '../catalog.permissions.js';
import { CreateCategories } from '../categories/create-categories.js';
import { CatalogHttpModule } from '../http.js';
import { CreateProducts } from '../products/create-products.js';
import { catalogSchema } from '../schema.js';
import { newProduct } from '../testing/index.js';

let database: TestDatabase;
let cached: TenantApi;
let uncached: TenantApi;
let tenant: TenantIdentity;
let visitor: Caller;

const LIST = '/v1/catalog/products?limit=20';

beforeAll(async () => {
  database = await createTestDatabase([catalogSchema]);
  const metadata = { imports: [CatalogHttpModule] };
  cached = await tenantApi(database, metadata, { url: testStack().redis.cache, prefix: `spec-${randomUUID()}:` });
  uncached = await tenantApi(database, metadata);
});

afterAll(async () => {
  await cached.stop();
  await uncached.stop();
  await database.drop();
});

beforeEach(async () => {
  tenant = testTenant(database);
  await registerTenant(database, tenant);
  visitor = cached.visitor(tenant);
  await inTenant(tenant, async () => {
    const mugs = await cached.app.get(CreateCategories).one({ name: 'Mugs' });
    const products = Array.from({ length: 20 }, (_, index) =>
      newProduct(`MUG-${index}`, { name: `Mug ${index}`, description: 'Holds tea.', categoryId: mugs.id }),
    );
    await cached.app.get(CreateProducts).execute(products);
  });
});

/** Sends a request as it is written, and gives the bytes that come back. */
async function raw(api: TenantApi, path: string, headers: Record<string, string> = {}, method = 'GET') {
  const response = await fetch(`${api.url}${path}`, { method, headers: { 'x-tenant': tenant.slug, ...headers } });
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
}

async function reads(outcome: string): Promise<number> {
  const { values } = await metrics.getSingleMetric('quoin_cache_reads_total')!.get();
  return values.find(({ labels }) => labels['cache'] === 'catalog' && labels['outcome'] === outcome)?.value ?? 0;
}

async function fills(): Promise<number> {
  const { values } = await metrics.getSingleMetric('quoin_cache_fills_total')!.get();
  return values.filter(({ labels }) => labels['cache'] === 'catalog').reduce((sum, { value }) => sum + value, 0);
}

describe('an answer from the cache', () => {
  const volatile = /^(x-correlation-id|x-ratelimit-.*|date|connection|keep-alive|content-length)$/;

  const asSent = ({ status, headers, bytes }: Awaited<ReturnType<typeof raw>>) => ({
    status,
    headers: Object.fromEntries([...headers].filter(([name]) => !volatile.test(name))),
    body: bytes.toString().replaceAll(/"correlationId":"[^"]*"/g, ''),
  });

  it.each([
    ['a page', LIST],
    ['a page of a category', '/v1/catalog/products?category=mugs'],
    ['a search', '/v1/catalog/products?q=mug%201'],
    ['a product', '/v1/catalog/products/mug-7'],
    ['the categories', '/v1/catalog/categories'],
    ['a category that is none', '/v1/catalog/products?category=none'],
    ['a product that is none', '/v1/catalog/products/none'],
    ['a slug that is none', '/v1/catalog/products/No%20Slug'],
    ['a parameter that is none', '/v1/catalog/products?color=red'],
    ['a parameter twice', '/v1/catalog/products?limit=1&limit=2'],
    ['a limit beyond all', '/v1/catalog/products?limit=201'],
    ['half a character', '/v1/catalog/products?q=%ED%A0%80'],
  ])('is the answer of the source, for %s', async (_name, path) => {
    const plain = { 'accept-encoding': 'identity' };
    const expected = asSent(await raw(uncached, path, plain));
    const first = asSent(await raw(cached, path, plain));
    const second = asSent(await raw(cached, path, plain));
    expect(first).toEqual(expected);
    expect(second).toEqual(expected);
  });

  it('takes a query for the same in whichever order and with whichever escapes it comes', async () => {
    await raw(cached, '/v1/catalog/products?limit=20&q=mug');
    const before = await fills();
    await raw(cached, '/v1/catalog/products?q=%6Dug&limit=20');
    expect(await fills()).toBe(before);
  });

  it('is made once for all who ask at the same time', async () => {
    const before = await fills();
    const answers = await Promise.all(Array.from({ length: 50 }, () => raw(cached, LIST)));
    expect(new Set(answers.map(({ bytes }) => bytes.toString())).size).toBe(1);
    expect((await fills()) - before).toBe(1);
  });

  it('is packed as the client takes it, and the same within', async () => {
    const plain = await raw(cached, LIST, { 'accept-encoding': 'identity' });
    for (const round of ['made', 'kept']) {
      const [br, gzipped] = await Promise.all([rawPacked('br'), rawPacked('gzip')]);
      expect([round, brotliDecompressSync(br.bytes).toString()]).toEqual([round, plain.bytes.toString()]);
      expect(gunzipSync(gzipped.bytes).toString()).toBe(plain.bytes.toString());
      expect(br.bytes.byteLength).toBeLessThan(plain.bytes.byteLength / 3);
    }
  });

  it('is one tenant’s', async () => {
    await raw(cached, LIST);
    const other = testTenant(database);
    await registerTenant(database, other);
    expect((await cached.visitor(other)<{ items: [] }>(`GET ${LIST}`)).body.items).toEqual([]);
  });

  it('goes to HEAD without its body', async () => {
    const { headers } = await raw(cached, LIST, { 'accept-encoding': 'identity' });
    const head = await raw(cached, LIST, { 'accept-encoding': 'identity' }, 'HEAD');
    expect([head.status, head.bytes.byteLength, head.headers.get('etag')]).toEqual([200, 0, headers.get('etag')]);
  });
});

describe('caches on the way', () => {
  it('may keep what anybody may see, and are told what it depends on', async () => {
    for (const round of ['made', 'kept']) {
      const { headers } = await raw(cached, LIST);
      expect([round, headers.get('cache-control')]).toEqual([
        round,
        'public, max-age=0, s-maxage=30, stale-while-revalidate=60',
      ]);
      expect(headers.get('vary')).toBe('Origin, Accept-Encoding, Authorization, X-Tenant');
    }
  });

  it('may keep nothing that was sent to somebody who is signed in, nor a refusal, nor what is not public', async () => {
    const someone = await cached.signIn(tenant, [CATALOG_READ]);
    for (let round = 0; round < 2; round += 1) {
      expect((await someone(`GET ${LIST}`)).headers.get('cache-control')).toBe('private, no-cache');
    }
    expect((await someone('GET /v1/products')).headers.get('cache-control')).toBe('no-store');
    expect((await visitor('GET /v1/catalog/products?limit=0')).headers.get('cache-control')).toBe('no-store');
  });

  it('that have it already get 304 and no body, made or kept, until it changes', async () => {
    const { etag } = await visitor(`GET ${LIST}`);
    expect(etag).toMatch(/^W\/"[\w-]{22}"$/);
    const ask = (value: string) => raw(cached, LIST, { 'if-none-match': value });
    for (const value of [etag!, etag!.slice(2), `"x", ${etag}`, '*']) {
      const { status, bytes, headers } = await ask(value);
      expect([value, status, bytes.byteLength, headers.get('etag')]).toEqual([value, 304, 0, etag]);
    }
    expect((await ask('"x"')).status).toBe(200);
    await inTenant(tenant, () => cached.app.get(CreateProducts).one(newProduct('NEW', { name: 'A new mug' })));
    const changed = await ask(etag!);
    expect([changed.status, changed.headers.get('etag') === etag]).toEqual([200, false]);
    expect((await ask(changed.headers.get('etag')!)).status).toBe(304);
  });
});

describe('the very next read shows', () => {
  interface Row {
    readonly id: string;
    readonly slug: string;
  }
  let clerk: Caller;
  let mug: Row;
  let category: Row;

  beforeEach(async () => {
    clerk = await cached.signIn(tenant, [CATALOG_READ, CATALOG_WRITE]);
    mug = (await clerk<{ items: [Row] }>('GET /v1/products?sku=MUG-7')).body.items[0];
    category = (await clerk<{ items: [Row] }>('GET /v1/categories')).body.items[0];
    for (const path of [LIST, '/v1/catalog/products/mug-7', '/v1/catalog/categories']) await raw(cached, path);
  });

  const shown = async (path: string) => (await raw(cached, path)).bytes.toString();

  it('a changed price, in the list and by itself', async () => {
    await clerk(`PATCH /v1/products/${mug.id}`, { body: { price: { amount: '99.99', currency: 'GBP' } } });
    expect(await shown(LIST)).toContain('99.99');
    expect(await shown('/v1/catalog/products/mug-7')).toContain('99.99');
  });

  it('a changed slug, at its old and its new address', async () => {
    await clerk(`PATCH /v1/products/${mug.id}`, { body: { slug: 'best-mug' } });
    expect((await raw(cached, '/v1/catalog/products/mug-7')).status).toBe(404);
    expect(await shown('/v1/catalog/products/best-mug')).toContain('MUG-7');
  });

  it('that a product was archived, and that it is back', async () => {
    await clerk(`POST /v1/products/${mug.id}/archival`);
    expect((await raw(cached, '/v1/catalog/products/mug-7')).status).toBe(404);
    expect(await shown(LIST)).not.toContain('MUG-7"');
    await clerk(`DELETE /v1/products/${mug.id}/archival`);
    expect(await shown(LIST)).toContain('MUG-7"');
  });

  it('a category’s new name, wherever it stands, and that another is gone', async () => {
    await clerk(`PATCH /v1/categories/${category.id}`, { body: { name: 'Fine mugs' } });
    for (const path of [LIST, '/v1/catalog/products/mug-7', '/v1/catalog/categories']) {
      expect(await shown(path)).toContain('Fine mugs');
    }
    const extra = (await clerk<Row>('POST /v1/categories', { body: { name: 'Passing' } })).body;
    expect(await shown('/v1/catalog/categories')).toContain('passing');
    await clerk(`DELETE /v1/categories/${extra.id}`);
    expect(await shown('/v1/catalog/categories')).not.toContain('passing');
  });
});

describe('who may not pass', () => {
  it('is refused, whatever the cache holds', async () => {
    await raw(cached, LIST);
    expect((await raw(cached, LIST, { 'x-tenant': 'nobody' })).status).toBe(404);
    expect((await fetch(`${cached.url}${LIST}`)).status).toBe(400);
    const token = { authorization: 'Bearer nonsense' };
    expect((await raw(cached, LIST, token)).status).toBe((await raw(uncached, LIST, token)).status);
  });

  it('is counted once a request, found or made', async () => {
    const left = async () => Number((await raw(cached, LIST)).headers.get('x-ratelimit-remaining'));
    const [made, kept, again] = [await left(), await left(), await left()];
    expect([made - kept, kept - again]).toEqual([1, 1]);
    let status = 200;
    for (let round = 0; status === 200 && round < 100; round += 1) status = (await raw(cached, LIST)).status;
    const refused = await raw(cached, LIST);
    expect([refused.status, refused.headers.get('cache-control')]).toEqual([429, 'no-store']);
  });
});

it('a start of the api puts the public pages of chosen tenants into the cache', async () => {
  const config = testConfig({ CACHE_WARM_UP_TENANTS: `nobody,${tenant.slug}` });
  expect(await warmUp(cached.app, config)).toBe(3);
  const before = await fills();
  for (const path of [LIST, '/v1/catalog/products', '/v1/catalog/categories']) await raw(cached, path);
  expect(await fills()).toBe(before);
});

it('hits and misses are counted', async () => {
  const before = [await reads('miss'), await reads('hit')];
  for (let round = 0; round < 3; round += 1) await raw(cached, LIST);
  expect([(await reads('miss')) - before[0]!, (await reads('hit')) - before[1]!]).toEqual([1, 2]);
});

async function rawPacked(encoding: string): Promise<{ bytes: Buffer }> {
  const { get } = await import('node:http');
  return new Promise((resolve, reject) => {
    // fetch would unpack it.
    const headers = { 'x-tenant': tenant.slug, 'accept-encoding': encoding };
    get(`${cached.url}${LIST}`, { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        if (response.headers['content-encoding'] === encoding) resolve({ bytes: Buffer.concat(chunks) });
        else reject(new Error(`it came as ${String(response.headers['content-encoding'])}`));
      });
    }).on('error', reject);
  });
}
