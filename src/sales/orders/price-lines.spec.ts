import { CurrencyMismatch, InvalidQuantity, type TaxMode, UnitPrice } from '#libs/kernel';
import { SalesOrderLineIncomplete, SalesOrderPriceNegative, SalesOrderProductUnknown } from './order-parties.errors.js';
import { type NewOrderLine, ORDER_LINES_MAX, type PricedProduct, priceLines } from './price-lines.js';
import { SalesOrderLineCount, SalesOrderTotalNegative } from './sales-order.errors.js';

const mug: PricedProduct = {
  id: '01900000-0000-7000-8000-000000000001',
  sku: 'MUG',
  name: 'Mug',
  kind: 'goods',
  priceE4: 25_575n,
  taxCode: 'standard',
  taxRatePpm: 200_000,
};
const delivery: PricedProduct = { ...mug, id: '01900000-0000-7000-8000-000000000002', sku: 'DEL', kind: 'service' };
const products = new Map([mug, delivery].map((product) => [product.id, product]));

const price = (lines: readonly NewOrderLine[], priceMode: TaxMode = 'net') =>
  priceLines({ orderId: '01900000-0000-7000-8000-00000000000f', currency: 'GBP', priceMode, lines, products });
const pounds = (amount: string) => UnitPrice.parse(amount, 'GBP');
const discount = { name: 'Discount', unitPrice: pounds('-1'), taxCode: 'standard', taxRatePpm: 200_000, quantity: 1 };

it('takes name, price and tax from the product, and rounds each line half-even', () => {
  const order = price([{ productId: mug.id, quantity: 2 }]);
  expect(order.lines).toMatchObject([
    { lineNo: 1, sku: 'MUG', name: 'Mug', kind: 'goods', ordered: 2, unitPriceE4: 25_575n, amountMinor: 512n },
  ]);
  expect(order).toMatchObject({ netMinor: 512n, taxMinor: 102n, totalMinor: 614n });
});

it('prefers what the line says itself', () => {
  const line = {
    productId: mug.id,
    quantity: 1,
    unitPrice: pounds('2'),
    name: 'Mug, chipped',
    taxCode: 'zero',
    taxRatePpm: 0,
  };
  const order = price([line]);
  expect(order.lines).toMatchObject([
    { name: 'Mug, chipped', unitPriceE4: 20_000n, taxCode: 'zero', amountMinor: 200n },
  ]);
  expect(order.taxMinor).toBe(0n);
});

it('takes the tax out of gross prices', () => {
  expect(price([{ productId: mug.id, quantity: 100 }], 'gross')).toMatchObject({
    netMinor: 21_313n,
    taxMinor: 4_262n,
    totalMinor: 25_575n,
  });
});

it('rounds tax once per rate, not per line', () => {
  const lines = Array.from({ length: 3 }, () => ({ ...discount, unitPrice: pounds('0.02') }));
  expect(price(lines)).toMatchObject({ netMinor: 6n, taxMinor: 1n });
});

it('lets a discount stand on a line of its own', () => {
  const order = price([{ productId: mug.id, quantity: 1 }, discount]);
  expect(order.lines[1]).toMatchObject({ productId: null, kind: 'service', sku: '', amountMinor: -100n });
  expect(order.netMinor).toBe(156n);
});

it.each<[string, NewOrderLine[], new (...values: never[]) => Error]>([
  ['no lines', [], SalesOrderLineCount],
  ['too many lines', Array.from({ length: ORDER_LINES_MAX + 1 }, () => discount), SalesOrderLineCount],
  ['half a unit', [{ productId: mug.id, quantity: 0.5 }], InvalidQuantity],
  ['no unit', [{ productId: mug.id, quantity: 0 }], InvalidQuantity],
  ['a negative quantity', [{ productId: mug.id, quantity: -1 }], InvalidQuantity],
  ['more units than a line holds', [{ productId: mug.id, quantity: 1_000_000_001 }], InvalidQuantity],
  ['an unknown product', [{ productId: 'nobody', quantity: 1 }], SalesOrderProductUnknown],
  ['a service that says nothing', [{ quantity: 1 }], SalesOrderLineIncomplete],
  ['another currency', [{ productId: mug.id, quantity: 1, unitPrice: UnitPrice.parse('1', 'EUR') }], CurrencyMismatch],
  ['goods below nothing', [{ productId: mug.id, quantity: 1, unitPrice: pounds('-1') }], SalesOrderPriceNegative],
  ['a discount larger than the order', [discount], SalesOrderTotalNegative],
])('refuses %s', (_case, lines, error) => {
  expect(() => price(lines)).toThrow(error);
});

it('names what a line without a product lacks', () => {
  expect(() => price([{ quantity: 1, name: 'Gift wrap' }])).toThrow(/unitPrice, taxCode, taxRatePpm/);
});
