import { check, same, until } from './api.mjs';
import { asMoney, pence, pounds, totals } from './money.mjs';
import { invoicing } from './paperwork.mjs';
import { columns } from './play.mjs';
import { finalBooks } from './books.mjs';

const QUANTITIES = [5, 3];
const RECEIVED = 20;
const RETURNED = 1;

const anyOf = (items) => items[Math.floor(Math.random() * items.length)];

async function logIn(world) {
  const { api, stack } = world;
  const { email, password } = stack.demo;
  const tokens = await api.post('/v1/auth/tokens', { grantType: 'password', email, password });
  api.token = tokens.accessToken;
  const me = await api.get('/v1/auth/me');
  const { name, currency, timeZone } = me.tenant;
  same('The currency of the demo company', currency, 'GBP');
  return `${me.name} of ${name} (${currency}, ${timeZone}), ${me.permissions.length} permissions`;
}

/** What is sold for pennies costs nothing by the piece, and leaves no trace in the books. */
const isWorthAPound = ({ price }) => Number(price.amount) >= 1;

/** Two goods of different categories and a service, as anybody finds them in the public catalogue. */
async function pickProducts(world) {
  const { api } = world;
  const { items: categories } = await api.get('/v1/catalog/categories?limit=200');
  check(categories.length >= 10, `The catalogue has only ${categories.length} categories.`);
  const shelves = categories.filter(({ parentSlug }) => parentSlug !== null);
  const slugs = [anyOf(shelves.slice(0, shelves.length / 2)), anyOf(shelves.slice(shelves.length / 2))];
  const pages = [...slugs.map(({ slug }) => slug), 'services'].map((slug) =>
    api.get(`/v1/catalog/products?category=${slug}&limit=200`),
  );
  const picked = (await Promise.all(pages)).map(({ items }) => anyOf(items.filter(isWorthAPound)));
  world.lines = await Promise.all(
    picked.map(async (shown, index) => ({
      ...(await api.first(`/v1/products?sku=${encodeURIComponent(shown.sku)}`)),
      quantity: QUANTITIES[index] ?? 1,
    })),
  );
  const rows = world.lines.map(({ quantity, sku, name, price, taxRatePercent }) => [
    `${quantity} ×`,
    sku,
    name,
    `at ${price.amount}`,
    `${taxRatePercent} % tax`,
  ]);
  return columns(rows, [0]);
}

const goodsOf = ({ lines }) => lines.filter(({ kind }) => kind === 'goods');

async function levels({ api, lines, warehouse }) {
  const pages = goodsOf({ lines }).map(({ id }) =>
    api.first(`/v1/stock-levels?productId=${id}&warehouseId=${warehouse.id}`),
  );
  return Promise.all(pages);
}

async function receiveGoods(world) {
  const { api } = world;
  const { items: warehouses } = await api.get('/v1/warehouses');
  check(warehouses.length >= 3, `There are only ${warehouses.length} warehouses.`);
  world.warehouse = anyOf(warehouses);
  const before = await levels(world);
  const lines = goodsOf(world).map(({ id, price }) => {
    const cost = (pence(price.amount.slice(0, price.amount.indexOf('.') + 3)) * 6n) / 10n;
    return { productId: id, quantity: RECEIVED, unitCost: asMoney(cost) };
  });
  world.receipt = await api.post('/v1/stock-receipts', {
    warehouseId: world.warehouse.id,
    reference: 'Demo delivery',
    lines,
  });
  world.stock = await levels(world);
  world.stock.forEach(({ onHand }, index) => same('On hand', onHand, (before[index]?.onHand ?? 0) + RECEIVED));
  return [
    `${RECEIVED} of each into ${world.warehouse.name}, worth ${world.receipt.value.amount} GBP`,
    `on hand now ${world.stock.map(({ onHand }) => onHand).join(' and ')}`,
  ];
}

async function placeOrder(world) {
  const { api } = world;
  const { items } = await api.get('/v1/customers?limit=200&status=active');
  world.customer = anyOf(items.filter(({ email }) => email !== null));
  const expected = totals(world.lines);
  world.order = await api.post('/v1/sales-orders', {
    customerId: world.customer.id,
    warehouseId: world.warehouse.id,
    confirm: true,
    lines: world.lines.map(({ id, quantity }) => ({ productId: id, quantity })),
  });
  const { number, net, tax, total } = world.order;
  same('Net of the order', net.amount, asMoney(expected.net).amount);
  same('Tax of the order', tax.amount, asMoney(expected.tax).amount);
  same('Total of the order', total.amount, asMoney(expected.total).amount);
  return [
    `${number} for ${world.customer.name} (${world.customer.number})`,
    `${net.amount} net + ${tax.amount} tax = ${total.amount} GBP`,
  ];
}

async function watchReservation(world) {
  const { api, order } = world;
  const seen = [];
  await until('the stock is reserved', async () => {
    const { status } = await api.get(`/v1/sales-orders/${order.id}`);
    if (seen.at(-1) !== status) seen.push(status);
    return status === 'reserved';
  });
  const after = await levels(world);
  after.forEach(({ reserved, available }, index) => {
    same('Reserved', reserved, world.stock[index].reserved + QUANTITIES[index]);
    same('Available', available, world.stock[index].available - QUANTITIES[index]);
  });
  const rows = after.map(({ onHand, reserved, available }, index) => {
    return [goodsOf(world)[index].sku, `on hand ${onHand}`, `reserved ${reserved}`, `available ${available}`];
  });
  return [`order ${seen.join(' → ')}`, ...columns(rows)];
}

async function pay(world) {
  const { api, order } = world;
  const asked = await api.post(`/v1/sales-orders/${order.id}/payments`, { method: 'pm_pending' });
  const seen = [];
  world.payment = await until('the payment is captured', async () => {
    const payment = await api.get(`/v1/payments/${asked.id}`);
    if (seen.at(-1) !== payment.status) seen.push(payment.status);
    check(payment.status !== 'failed', `The payment failed: ${payment.failureCode}.`);
    return payment.status === 'captured' && payment;
  });
  same('Captured', world.payment.captured.amount, order.total.amount);
  return [
    `${world.payment.captured.amount} GBP through the sandbox: ${seen.join(' → ')}`,
    `its webhook settled ${world.payment.providerRef}`,
  ];
}

async function ship(world, lines) {
  const { api, order } = world;
  const shipment = await api.post(`/v1/sales-orders/${order.id}/shipments`, lines && { lines });
  world.shipments = [...(world.shipments ?? []), shipment];
  const { status } = await api.get(`/v1/sales-orders/${order.id}`);
  const units = shipment.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  return { status, text: `${shipment.number}: ${units} units left, order ${status}` };
}

async function shipSome(world) {
  const [first] = world.order.lines;
  const { status, text } = await ship(world, [{ lineId: first.id, quantity: 2 }]);
  same('The order', status, 'partly_shipped');
  return text;
}

async function shipTheRest(world) {
  const { status, text } = await ship(world);
  same('The order', status, 'completed');
  return text;
}

async function takeBack(world) {
  const { api, invoice } = world;
  const [line] = invoice.lines;
  world.creditNote = await api.post('/v1/credit-notes', {
    invoiceId: invoice.id,
    reason: 'return',
    note: 'Arrived with a chip',
    lines: [{ invoiceLineId: line.id, quantity: RETURNED, returnGoods: true }],
  });
  const [product] = world.lines;
  const { total, net, tax, number } = world.creditNote;
  const expected = totals([{ ...product, quantity: RETURNED }]);
  check(pence(total.amount) === pence(net.amount) + pence(tax.amount), `The credit note ${number} does not add up.`);
  // What is credited step by step adds up to the invoice, so a step may differ by a penny of rounding.
  const off = pence(total.amount) - expected.total;
  check(off >= -1n && off <= 1n, `The credit note comes to ${total.amount}, not ${pounds(expected.total)}.`);
  const query = `/v1/stock-movements?productId=${product.id}&warehouseId=${world.warehouse.id}&kind=return`;
  world.movement = await api.first(query);
  same('Returned into stock', world.movement?.quantity, RETURNED);
  return `${number}: ${RETURNED} × ${product.sku} back on the shelf, ${total.amount} GBP credited`;
}

async function refund(world) {
  const { api, payment, creditNote } = world;
  const amount = creditNote.total;
  const asked = await api.post(`/v1/payments/${payment.id}/refunds`, { amount, reason: creditNote.number });
  world.refund = await until('the refund has succeeded', async () => {
    const { items } = await api.get(`/v1/payments/${payment.id}/refunds`);
    const found = items.find(({ id }) => id === asked.id);
    check(found?.status !== 'failed', `The refund failed: ${found?.failureCode}.`);
    return found?.status === 'succeeded' && found;
  });
  const { refunded } = await api.get(`/v1/payments/${payment.id}`);
  same('Refunded', refunded.amount, amount.amount);
  return `${amount.amount} GBP given back for ${creditNote.number}`;
}

/** One order with everything that can happen to it, in the order in which it happens. */
export const journey = [
  ['Log in', logIn],
  ['Pick products', pickProducts],
  ['Receive goods', receiveGoods],
  ['Place an order', placeOrder],
  ['Stock is reserved', watchReservation],
  ...invoicing,
  ['The customer pays', pay],
  ['Ship a part', shipSome],
  ['Ship the rest', shipTheRest],
  ['One comes back', takeBack],
  ['Money goes back', refund],
  ['The books', finalBooks],
];
