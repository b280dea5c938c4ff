import { inTenant } from '#libs/tenancy';
import { type Caller, type TenantApi, tenantApi } from '#libs/http/testing';
import { createTestDatabase, registerTenant, type TestDatabase, testTenant } from '#libs/testing';
import { CreateCategories } from '../categories/create-categories.js';
import { CatalogHttpModule } from '../http.js';
import { ArchiveProduct } from '../products/archive-product.js';
import { CreateProducts, type NewProduct } from '../products/create-products.js';
import { catalogSchema } from '../schema.js';
import { newProduct } from '../testing/index.js';

interface Shown {
  readonly slug: string;
  readonly name: string;
}

interface Page {
  readonly items: readonly Shown[];
  readonly nextCursor: string | null;
}

let database: TestDatabase;
let api: TenantApi;
let visitor: Caller;
let created: { readonly id: string; readonly slug: string }[];

async function openShop(products: (mugs: string, kitchen: string) => NewProduct[], currency = 'GBP') {
  const tenant = testTenant(database, { currency });
  await registerTenant(database, tenant);
  visitor = api.visitor(tenant);
  created = await inTenant(tenant, async () => {
    const kitchen = await api.app.get(CreateCategories).one({ name: 'Kitchen' });
    const mugs = await api.app.get(CreateCategories).one({ name: 'Mugs', parentId: kitchen.id, position: 1 });
    return api.app.get(CreateProducts).execute(products(mugs.id, kitchen.id));
  });
  return tenant;
}

beforeAll(async () => {
  database = await createTestDatabase([catalogSchema]);
  api = await tenantApi(database, { imports: [CatalogHttpModule] });
});

afterAll(async () => {
  await api.stop();
  await database.drop();
});

const slugs = async (query = '') => {
  const { status, body } = await visitor<Page>(`GET /v1/catalog/products${query}`);
  expect(status).toBe(200);
  return body.items.map(({ slug }) => slug);
};

it('shows a product with its price and what it comes to with tax', async () => {
  await openShop((mugs) => [
    newProduct('MUG', { name: 'Mug', description: 'Blue.', categoryId: mugs, priceE4: 25_575n, taxRatePpm: 200_000 }),
  ]);
  expect((await visitor('GET /v1/catalog/products/mug')).body).toEqual({
    slug: 'mug',
    sku: 'MUG',
    name: 'Mug',
    description: 'Blue.',
    kind: 'goods',
    category: { slug: 'mugs', name: 'Mugs' },
    price: { amount: '2.5575', currency: 'GBP' },
    taxRatePercent: '20',
    taxIncluded: false,
    priceWithTax: { amount: '3.07', currency: 'GBP' },
  });
});

it('shows prices in currencies without decimals, too', async () => {
  await openShop(() => [newProduct('MUG', { name: 'Mug', priceE4: 12_345_000n, taxRatePpm: 100_000 })], 'JPY');
  expect((await visitor('GET /v1/catalog/products/mug')).body).toMatchObject({
    price: { amount: '1234.5', currency: 'JPY' },
    priceWithTax: { amount: '1357', currency: 'JPY' },
  });
});

it('shows only what is on sale', async () => {
  const tenant = await openShop(() => [newProduct('A', { name: 'Apron' }), newProduct('B', { name: 'Bowl' })]);
  await inTenant(tenant, () => api.app.get(ArchiveProduct).execute(created[0]!.id));
  expect(await slugs()).toEqual(['bowl']);
  expect(await visitor('GET /v1/catalog/products/apron')).toMatchObject({
    status: 404,
    body: { code: 'catalog.product.not_found' },
  });
  expect(await visitor('GET /v1/catalog/products/nothing')).toMatchObject({ status: 404 });
});

it('finds by category, what is below it included, and by words', async () => {
  await openShop((mugs, kitchen) => [
    newProduct('M1', { name: 'Red mug', categoryId: mugs }),
    newProduct('K1', { name: 'Red bowl', categoryId: kitchen }),
    newProduct('X1', { name: 'Red clock' }),
  ]);
  expect(await slugs('?category=kitchen')).toEqual(['red-bowl', 'red-mug']);
  expect(await slugs('?category=mugs')).toEqual(['red-mug']);
  expect(await slugs('?category=kitchen&q=mug%20red')).toEqual(['red-mug']);
  expect(await slugs('?q=x1')).toEqual(['red-clock']);
  expect(await visitor('GET /v1/catalog/products?category=none')).toMatchObject({
    status: 404,
    body: { code: 'catalog.category.not_found' },
  });
});

it('pages by name, whatever case and accents, and equal names do not get lost', async () => {
  const named = ['zebra', 'Éclair', 'apple', 'Banana', 'apple', 'apple', 'eclair 2', 'Apple'];
  await openShop(() => named.map((name, index) => newProduct(`S${index}`, { name })));
  const seen: string[] = [];
  let cursor = '';
  do {
    const { body } = await visitor<Page>(`GET /v1/catalog/products?limit=3${cursor}`);
    seen.push(...body.items.map(({ name }) => name));
    cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
  } while (cursor !== '');
  expect(seen).toEqual(['apple', 'apple', 'apple', 'Apple', 'Banana', 'eclair 2', 'Éclair', 'zebra']);
});

it.each([
  ['a text', 'apple'],
  ['too little', ['apple']],
  ['a number for the name', [1, '0193a5a2-0000-7000-8000-000000000000']],
  ['an id that is none', ['apple', 'apple']],
  ['a character that no text of PostgreSQL holds', ['a\0', '0193a5a2-0000-7000-8000-000000000000']],
])('refuses a cursor that holds %s', async (_, position) => {
  await openShop(() => [newProduct('A', { name: 'Apple' })]);
  const cursor = Buffer.from(JSON.stringify(position)).toString('base64url');
  expect(await visitor(`GET /v1/catalog/products?cursor=${cursor}`)).toMatchObject({
    status: 400,
    body: { code: 'cursor.invalid' },
  });
});

it('shows an empty page of a category that has nothing on sale', async () => {
  await openShop(() => [newProduct('A', { name: 'Apple' })]);
  expect((await visitor('GET /v1/catalog/products?category=mugs')).body).toEqual({ items: [], nextCursor: null });
});

it('shows the tree of categories', async () => {
  await openShop(() => []);
  expect((await visitor('GET /v1/catalog/categories')).body).toEqual({
    items: [
      { slug: 'kitchen', name: 'Kitchen', parentSlug: null },
      { slug: 'mugs', name: 'Mugs', parentSlug: 'kitchen' },
    ],
    nextCursor: null,
  });
});

it('needs to know the tenant, and nothing else', async () => {
  const response = await fetch(`${api.url}/v1/catalog/products`);
  expect([response.status, await response.json()]).toMatchObject([400, { code: 'tenant.required' }]);
});
