import { UnitPrice } from '#libs/kernel';
import { demoCatalogue } from './demo-catalogue.js';

const { categories, products } = demoCatalogue();

it('is the same every time', () => {
  expect(demoCatalogue()).toEqual({ categories, products });
  // On every machine, too: whoever wrote down a SKU of the demo finds it again.
  expect(products[0]).toEqual({
    sku: 'MUG-1001',
    name: 'Cornflower Stoneware Mug',
    description: 'Holds 350 ml; safe in dishwasher and microwave.',
    kind: 'goods',
    categorySlug: 'mugs-and-cups',
    priceE4: 59_500n,
    taxCode: 'standard',
    taxRatePpm: 200_000,
  });
});

it('has at least 200 goods in at least 10 categories, each in one that exists', () => {
  expect(products.filter(({ kind }) => kind === 'goods').length).toBeGreaterThanOrEqual(200);
  const used = new Set(products.map(({ categorySlug }) => categorySlug));
  expect(used.size).toBeGreaterThanOrEqual(10);
  const slugs = categories.map(({ slug }) => slug);
  expect([...used].filter((slug) => !slugs.includes(slug))).toEqual([]);
});

it('names every product and category once', () => {
  for (const values of [
    products.map(({ sku }) => sku),
    products.map(({ name }) => name),
    categories.map(({ slug }) => slug),
  ]) {
    expect(new Set(values).size).toBe(values.length);
  }
});

it('puts departments before what is in them', () => {
  const misplaced = categories.filter(
    ({ parentSlug }, index) =>
      parentSlug !== null && !categories.slice(0, index).some(({ slug }) => slug === parentSlug),
  );
  expect(misplaced).toEqual([]);
});

it('has prices that a shop would ask, some of them with four decimals', () => {
  for (const { priceE4 } of products) {
    expect(priceE4).toBeGreaterThan(0n);
    expect(priceE4).toBeLessThan(100_0000n);
  }
  const decimals = products.map(({ priceE4 }) => UnitPrice.of(priceE4, 'GBP').toDecimal().split('.')[1]?.length);
  expect(decimals).toContain(4);
});
