import { BULK_TABLES, copyLines, copyText } from './bulk-rows.mjs';

const SIZE = { products: 20, customers: 5, orders: 30 };

function rows(table: string, columns: string[], tenant = 3): Record<string, string>[] {
  const pattern = Object.fromEntries(columns.map((column) => [column, 'as the template']));
  return [...copyLines(table, pattern, tenant, SIZE)].map((line: string) => {
    expect(line.endsWith('\n')).toBe(true);
    const texts = line.slice(0, -1).split('\t');
    return Object.fromEntries(columns.map((column, index) => [column, texts[index] ?? '']));
  });
}

it.each([
  [null, String.raw`\N`],
  [0, '0'],
  ['tab\there', String.raw`tab\there`],
  ['line\nbreak\\', String.raw`line\nbreak\\`],
])('writes %j as COPY reads it', (value, text) => {
  expect(copyText(value)).toBe(text);
});

it('leaves to the template what it knows nothing of', () => {
  expect(rows('product', ['tenant_id', 'id', 'a_column_of_tomorrow'])[0]).toEqual({
    tenant_id: '00000003-0000-7000-8000-000000000000',
    id: '00000003-0001-7000-8000-000000000001',
    a_column_of_tomorrow: 'as the template',
  });
});

it('gives every row of a table an id of its own, whichever tenant it is of', () => {
  for (const table of BULK_TABLES) {
    const ids = [3, 4].flatMap((tenant) => rows(table, ['id'], tenant).map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
  }
});

it('makes orders that are the sum of their lines, of three different products each', () => {
  const orders = rows('sales_order', ['id', 'net_minor', 'tax_minor', 'total_minor']);
  const lines = rows('sales_order_line', ['order_id', 'product_id', 'amount_minor']);
  expect(orders).toHaveLength(SIZE.orders);
  for (const { id, net_minor: net, tax_minor: tax, total_minor: total } of orders) {
    const own = lines.filter((line) => line['order_id'] === id);
    expect(new Set(own.map((line) => line['product_id'])).size).toBe(3);
    expect(own.reduce((sum, line) => sum + Number(line['amount_minor']), 0)).toBe(Number(net));
    expect(Number(net) + Number(tax)).toBe(Number(total));
  }
});
