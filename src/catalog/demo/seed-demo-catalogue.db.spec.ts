import { CatalogStage } from '../testing/index.js';
import { demoCatalogue } from './demo-catalogue.js';
import { SeedDemoCatalogue } from './seed-demo-catalogue.js';

let stage: CatalogStage;

beforeAll(async () => {
  stage = await CatalogStage.open();
});

afterAll(() => stage.close());

it('fills a tenant once, and completes what somebody took away', async () => {
  const seed = () => stage.run(() => stage.module.get(SeedDemoCatalogue).execute());
  const { categories, products } = demoCatalogue();
  const first = await seed();
  expect(first.map(({ sku }) => sku)).toEqual(products.map(({ sku }) => sku));
  expect(await seed()).toEqual(first);
  await stage.database.asSuperuser(`delete from product where sku = 'MUG-1001'`);
  expect(await seed()).toHaveLength(products.length);
  const counts = 'select (select count(*)::int from category) as c, (select count(*)::int from product) as p';
  expect(await stage.query(counts)).toEqual([{ c: categories.length, p: products.length }]);
  const homeless = 'select from product where category_id is null';
  expect(await stage.query(homeless)).toEqual([]);
});
