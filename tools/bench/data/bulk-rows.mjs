import {
  categoryId,
  customerId,
  orderId,
  orderLineId,
  productId,
  stockLevelId,
  tenantId,
  warehouseId,
} from './ids.mjs';

const THINGS = [
  'Mug',
  'Bowl',
  'Plate',
  'Teapot',
  'Vase',
  'Jug',
  'Tray',
  'Lamp',
  'Clock',
  'Basket',
  'Cushion',
  'Candle',
];
const LOOKS = ['Blue', 'Striped', 'Oak', 'Vintage', 'Large', 'Folding', 'Spotted', 'Copper', 'Hand-made', 'Garden'];
const CITIES = ['London', 'Leeds', 'Bristol', 'York', 'Bath', 'Derby'];

/** Tables of which every tenant has many rows; the order in which they refer to each other. */
export const BULK_TABLES = [
  'category',
  'warehouse',
  'product',
  'customer',
  'stock_level',
  'sales_order',
  'sales_order_line',
];

const CATEGORIES = 8;
const FIRST_DAY = Date.UTC(2025, 0, 1);
const DAY_MS = 86_400_000;
const TAX_PPM = 200_000;

const of = (list, number) => list[number % list.length];
const priceE4 = (number) => 10_000 + ((number * 7_919) % 400) * 2_500;
const code = (number) => String(number).padStart(6, '0');

function* categories(tenant) {
  for (let number = 1; number <= CATEGORIES; number++) {
    const name = `${of(LOOKS, number)} things`;
    yield { id: categoryId(tenant, number), slug: `things-${number}`, name, parent_id: null, position: number };
  }
}

function* products(tenant, count) {
  for (let number = 1; number <= count; number++) {
    const name = `${of(LOOKS, number)} ${of(THINGS, number * 5)} ${number}`;
    const sku = `SKU-${code(number)}`;
    yield {
      id: productId(tenant, number),
      sku,
      slug: `product-${number}`,
      name,
      category_id: categoryId(tenant, 1 + (number % CATEGORIES)),
      price_e4: priceE4(number),
      tax_rate_ppm: TAX_PPM,
      search_text: `${name} ${sku}`.toLowerCase(),
    };
  }
}

function* customers(tenant, count) {
  for (let number = 1; number <= count; number++) {
    const name = `Customer ${number} Ltd`;
    const address = { line1: `${number} High Street`, line2: null, city: of(CITIES, number), region: null };
    const billing = JSON.stringify({ ...address, postalCode: 'E1 6AN', country: 'GB' });
    yield {
      id: customerId(tenant, number),
      number: `C-${code(number)}`,
      name,
      email: `buyer-${number}@bench.example`,
      billing_address: billing,
      shipping_address: billing,
      search_text: `${name} C-${code(number)} buyer-${number}@bench.example`.toLowerCase(),
    };
  }
}

function* stockLevels(tenant, count) {
  for (let number = 1; number <= count; number++) {
    yield {
      id: stockLevelId(tenant, number),
      product_id: productId(tenant, number),
      warehouse_id: warehouseId(tenant),
      on_hand: 1_000_000_000,
      reserved: 0,
      value_minor: 500_000_000,
    };
  }
}

function linesOf(tenant, order, { products: count }) {
  return [1, 2, 3].map((line) => {
    // Steps that differ, so that the three products of an order do.
    const product = 1 + ((order * 13 + line * 7) % count);
    const quantity = 1 + ((order + line) % 5);
    const amount = Math.round((priceE4(product) * quantity) / 100);
    return { line, product, quantity, amount };
  });
}

function* orders(tenant, size) {
  for (let number = 1; number <= size.orders; number++) {
    const net = linesOf(tenant, number, size).reduce((sum, { amount }) => sum + amount, 0);
    const tax = Math.round((net * TAX_PPM) / 1_000_000);
    const at = new Date(FIRST_DAY + ((number * 7_919) % 365) * DAY_MS).toISOString();
    const customer = 1 + ((number * 31) % size.customers);
    yield {
      id: orderId(tenant, number),
      number: `SO-2025-${code(number)}`,
      customer_id: customerId(tenant, customer),
      warehouse_id: warehouseId(tenant),
      status: 'completed',
      ordered_on: at.slice(0, 10),
      confirmed_at: at,
      reservation_attempted_at: at,
      net_minor: net,
      tax_minor: tax,
      total_minor: net + tax,
      customer_name: `Customer ${customer} Ltd`,
      customer_email: `buyer-${customer}@bench.example`,
      created_at: at,
      updated_at: at,
    };
  }
}

function* orderLines(tenant, size) {
  for (let order = 1; order <= size.orders; order++) {
    for (const { line, product, quantity, amount } of linesOf(tenant, order, size)) {
      yield {
        id: orderLineId(tenant, order, line),
        order_id: orderId(tenant, order),
        line_no: line,
        product_id: productId(tenant, product),
        sku: `SKU-${code(product)}`,
        name: `${of(LOOKS, product)} ${of(THINGS, product * 5)} ${product}`,
        unit_price_e4: priceE4(product),
        amount_minor: amount,
        ordered: quantity,
        reserved: 0,
        shipped: quantity,
        invoiced: quantity,
      };
    }
  }
}

/** What of a table's row differs from the template's, row by row. */
const ROWS = {
  category: (tenant) => categories(tenant),
  warehouse: (tenant) => [{ id: warehouseId(tenant) }],
  product: (tenant, size) => products(tenant, size.products),
  customer: (tenant, size) => customers(tenant, size.customers),
  stock_level: (tenant, size) => stockLevels(tenant, size.products),
  sales_order: orders,
  sales_order_line: orderLines,
};

const ESCAPED = { '\\': String.raw`\\`, '\t': String.raw`\t`, '\n': String.raw`\n`, '\r': String.raw`\r` };

/** A value in COPY's text format. */
export function copyText(value) {
  if (value === null || value === undefined) return String.raw`\N`;
  return String(value).replace(/[\\\t\n\r]/g, (character) => ESCAPED[character]);
}

/**
 * The rows of one tenant in one table, in COPY's text format.
 * @param {string} table one of {@link BULK_TABLES}
 * @param {Record<string, string | null>} pattern the template's row, by column; its order is that of the columns
 * @param {{ products: number, customers: number, orders: number }} size
 */
export function* copyLines(table, pattern, tenant, size) {
  const columns = Object.keys(pattern);
  const fixed = columns.map((column) => copyText(pattern[column]));
  const own = tenantId(tenant);
  for (const row of ROWS[table](tenant, size)) {
    row.tenant_id = own;
    const texts = columns.map((column, index) => (row[column] === undefined ? fixed[index] : copyText(row[column])));
    yield `${texts.join('\t')}\n`;
  }
}
