import { jest } from '@jest/globals';
import pg from 'pg';
import { ConcurrentModification } from '#libs/database';
import { uuidv7 } from '#libs/kernel';
import { CatalogStage, newProduct } from '../testing/index.js';
import { ArchiveProduct } from './archive-product.js';
import { CreateProducts, type NewProduct } from './create-products.js';
import { ProductCategoryUnknown, ProductNotFound, ProductSkuTaken, ProductSlugTaken } from './product.errors.js';
import { type ProductFilter, ProductQueries } from './product.queries.js';
import { RestoreProduct } from './restore-product.js';
import { type ProductChanges, UpdateProduct } from './update-product.js';

let stage: CatalogStage;

beforeAll(async () => {
  stage = await CatalogStage.open();
});

afterAll(() => stage.close());

beforeEach(() => stage.freshTenant());

const create = (...inputs: NewProduct[]) => stage.run(() => stage.module.get(CreateProducts).execute(inputs));
const update = (id: string, changes: ProductChanges) =>
  stage.run(() => stage.module.get(UpdateProduct).execute(id, changes));
const list = (filter: ProductFilter, limit = 50, cursor?: string) =>
  stage.run(() => stage.module.get(ProductQueries).page(filter, limit, cursor));
const skusOf = async (filter: ProductFilter) => (await list(filter)).items.map(({ sku }) => sku).toSorted();

async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const spy = jest.spyOn(pg.Client.prototype, 'query');
  try {
    await work();
    return spy.mock.calls.length;
  } finally {
    spy.mockRestore();
  }
}

describe('SKUs', () => {
  it('are compared exactly: two that differ in case alone are two products', async () => {
    const [upper, lower] = await create(newProduct('85123A'), newProduct('85123a'));
    const bySku = await stage.run(() => stage.module.get(ProductQueries).bySkus(['85123a', '85123A', '85123']));
    expect(bySku.size).toBe(2);
    expect([bySku.get('85123A')?.id, bySku.get('85123a')?.id]).toEqual([upper?.id, lower?.id]);
  });

  it('are taken once per tenant, and say nothing about other tenants', async () => {
    await create(newProduct('MUG'));
    await expect(create(newProduct('MUG'))).rejects.toThrow(new ProductSkuTaken(['MUG']));
    stage.freshTenant();
    expect(await create(newProduct('MUG'))).toHaveLength(1);
  });

  it('are refused when one batch names them twice, and nothing of the batch stays', async () => {
    await expect(create(newProduct('A'), newProduct('B'), newProduct('A'))).rejects.toThrow(ProductSkuTaken);
    expect(await skusOf({})).toEqual([]);
  });

  it('go to one of two creators that race', async () => {
    const settled = await Promise.allSettled([create(newProduct('MUG')), create(newProduct('MUG'))]);
    const refused = settled.filter((each) => each.status === 'rejected');
    expect(refused.map((each) => each.reason as unknown)).toEqual([expect.any(ProductSkuTaken)]);
    expect(await skusOf({})).toEqual(['MUG']);
  });

  it('go to both of two creators that race once the constraint is gone: it is what refuses', async () => {
    const mutated = await CatalogStage.open();
    try {
      await mutated.database.asOwner('alter table product drop constraint product_sku_unique');
      await Promise.all([mutated.product('MUG'), mutated.product('MUG')]);
      expect(await mutated.query('select sku from product')).toEqual([{ sku: 'MUG' }, { sku: 'MUG' }]);
    } finally {
      await mutated.close();
    }
  });

  it('cannot be moved onto one that is taken', async () => {
    const [, cup] = await create(newProduct('MUG'), newProduct('CUP'));
    await expect(update(cup!.id, { sku: 'MUG' })).rejects.toThrow(ProductSkuTaken);
  });
});

describe('slugs', () => {
  it('are made of the name and numbered when that is taken', async () => {
    const named = (sku: string, slug?: string) => newProduct(sku, { name: 'Café Mug', slug });
    const first = await create(named('A'));
    const more = await create(named('B'), named('C', 'cafe-mug-3'), named('D'));
    expect([...first, ...more].map(({ slug }) => slug)).toEqual(['cafe-mug', 'cafe-mug-2', 'cafe-mug-3', 'cafe-mug-4']);
  });

  it('may be chosen, when they are free', async () => {
    await stage.product('A', { slug: 'mug' });
    await expect(stage.product('B', { slug: 'mug' })).rejects.toThrow(ProductSlugTaken);
  });

  it('are found for all of 20 creators of the same name who race', async () => {
    const created = await Promise.all(
      Array.from({ length: 20 }, (_, index) => stage.product(`S${index}`, { name: 'Lamp' })),
    );
    const expected = ['lamp', ...Array.from({ length: 19 }, (_, index) => `lamp-${index + 2}`)];
    expect(created.map(({ slug }) => slug).toSorted()).toEqual(expected.toSorted());
  });

  it('are looked up on the unique index, however many products there are', async () => {
    await create(...Array.from({ length: 500 }, (_, index) => newProduct(`S${index}`)));
    await stage.database.asSuperuser('analyze product');
    const plan = await stage.query<{ 'QUERY PLAN': string }>(
      `explain select row.slug from unnest(array['product-s1'], array['product-s1.']) as wanted(low, high)
       join product row on row.tenant_id = $1 and row.slug >= wanted.low and row.slug < wanted.high`,
      [stage.tenant.id],
    );
    const text = plan.map((line) => line['QUERY PLAN']).join('\n');
    expect(text).toMatch(/Index Cond: .*slug >= wanted\.low.*slug < wanted\.high/);
  });
});

describe('creation in bulk', () => {
  it('takes as many statements for 3,000 products as for one', async () => {
    const one = await statementsOf(() => create(newProduct('ONE')));
    const inputs = Array.from({ length: 3_000 }, (_, index) =>
      newProduct(`SKU-${index}`, { name: `Gift ${index % 7}` }),
    );
    const many = await statementsOf(() => create(...inputs));
    expect(many).toBe(one);
    expect(await stage.query('select count(*)::int, count(distinct slug)::int as slugs from product')).toEqual([
      { count: 3_001, slugs: 3_001 },
    ]);
  });

  it('of nothing creates nothing', async () => {
    expect(await create()).toEqual([]);
  });
});

it('keeps prices exactly, to 4 decimals and to the last digit that a bigint holds', async () => {
  for (const priceE4 of [0n, 1n, 25_575n, 9_007_199_254_740_993n, 9_223_372_036_854_775_807n]) {
    const { id } = await stage.product(`P${priceE4}`, { priceE4 });
    expect((await stage.run(() => stage.module.get(ProductQueries).get(id))).priceE4).toBe(priceE4);
  }
});

it('refuses a category of nobody and one of another tenant alike', async () => {
  const foreign = await stage.category('Theirs');
  stage.freshTenant();
  for (const categoryId of [foreign.id, uuidv7()]) {
    await expect(stage.product('A', { categoryId })).rejects.toThrow(ProductCategoryUnknown);
  }
});

describe('changes', () => {
  it('reach what is named and nothing else', async () => {
    const category = await stage.category('Mugs');
    const { id } = await stage.product('MUG', { description: 'Blue', categoryId: category.id });
    await update(id, { name: 'Big mug', priceE4: 1n });
    const changed = await update(id, { categoryId: null });
    const { sku, slug, name, description, priceE4, categoryId, version } = changed;
    expect({ sku, slug, name, description, priceE4, categoryId, version }).toEqual({
      sku: 'MUG',
      slug: 'product-mug',
      name: 'Big mug',
      description: 'Blue',
      priceE4: 1n,
      categoryId: null,
      version: 3,
    });
    expect(await skusOf({ q: 'big' })).toEqual(['MUG']);
  });

  it('of two editors who saw the same version: one wins, the other is told both versions', async () => {
    const { id } = await stage.product('MUG');
    const gate = Promise.withResolvers<void>();
    const first = stage.run(async () => {
      await stage.module.get(UpdateProduct).execute(id, { name: 'First' });
      await gate.promise;
    });
    await stage.untilHeld('product');
    const second = update(id, { name: 'Second' });
    second.catch(() => undefined);
    await stage.untilSomebodyWaits();
    gate.resolve();
    await first;
    await expect(second).rejects.toThrow(ConcurrentModification);
    await expect(second).rejects.toMatchObject({ details: { expectedVersion: 1, currentVersion: 2 } });
  });

  it('archive and restore, each once', async () => {
    const { id } = await stage.product('MUG');
    const archive = () => stage.run(() => stage.module.get(ArchiveProduct).execute(id));
    const restore = () => stage.run(() => stage.module.get(RestoreProduct).execute(id));
    expect(await archive()).toMatchObject({ status: 'archived', version: 2 });
    expect(await archive()).toMatchObject({ status: 'archived', version: 2 });
    expect(await restore()).toMatchObject({ status: 'active', version: 3 });
    expect(await restore()).toMatchObject({ status: 'active', version: 3 });
  });

  it('never reach another tenant', async () => {
    const { id } = await stage.product('MUG');
    stage.freshTenant();
    await expect(update(id, { name: 'Mine' })).rejects.toThrow(ProductNotFound);
    await expect(stage.run(() => stage.module.get(ArchiveProduct).execute(id))).rejects.toThrow(ProductNotFound);
  });
});

describe('lists', () => {
  it('find words of name and SKU in any order, whatever case and accents', async () => {
    await create(
      newProduct('A-1', { name: 'Red Mug' }),
      newProduct('A-2', { name: 'MÜG, dark red' }),
      newProduct('MUG-3', { name: 'Cup 100%' }),
      newProduct('B_4', { name: 'Plate' }),
    );
    expect(await skusOf({ q: 'mug red' })).toEqual(['A-1', 'A-2']);
    expect(await skusOf({ q: 'MUG' })).toEqual(['A-1', 'A-2', 'MUG-3']);
    expect(await skusOf({ q: '%' })).toEqual(['MUG-3']);
    expect(await skusOf({ q: '_' })).toEqual(['B_4']);
    expect(await skusOf({ q: "' or true --" })).toEqual([]);
  });

  it('filter by status, kind, category and SKU', async () => {
    const { id: categoryId } = await stage.category('Mugs');
    const [mug] = await create(newProduct('MUG', { categoryId }), newProduct('WRAP', { kind: 'service' }));
    await stage.run(() => stage.module.get(ArchiveProduct).execute(mug!.id));
    expect(await skusOf({ status: 'archived' })).toEqual(['MUG']);
    expect(await skusOf({ kind: 'service' })).toEqual(['WRAP']);
    expect(await skusOf({ categoryId })).toEqual(['MUG']);
    expect(await skusOf({ sku: 'mug' })).toEqual([]);
  });

  it('page without skipping or repeating, though products come in between', async () => {
    await create(...Array.from({ length: 25 }, (_, index) => newProduct(`P${String(index).padStart(2, '0')}`)));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({}, 10, cursor);
      seen.push(...page.items.map(({ sku }) => sku));
      await stage.product(`NEW-${seen.length}`);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => `P${String(24 - index).padStart(2, '0')}`));
  });
});
