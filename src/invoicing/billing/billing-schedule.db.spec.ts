import { newProduct } from '#erp/catalog/testing';
import { RecordStockReceipt, StockBooksCheck } from '#erp/inventory';
import { CancelSalesOrder, type NewOrderLine, OrderBooksCheck, ShipSalesOrder } from '#erp/sales';
import { DomainError, UnitPrice } from '#libs/kernel';
import { BillOrder, InvoiceQueries, IssueCreditNote } from '../index.js';
import { InvoicingStage } from '../testing/index.js';

/** What every life of some orders ends with: books that are right, and refusals that a person understands. */
const STEPS = 60;
const LIVES = [
  { seed: 7, currency: 'GBP' },
  { seed: 71, currency: 'JPY' },
  { seed: 711, currency: 'KWD' },
] as const;

let stage: InvoicingStage;

beforeAll(async () => {
  stage = await InvoicingStage.open();
});
afterAll(() => stage.close());

/** mulberry32: the same numbers for the same seed, on every machine. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** The tax of A, which discounts have too, of B and of C. */
const GOODS = [
  newProduct('A', { priceE4: 33_333n }),
  newProduct('B', { priceE4: 1n, taxRatePpm: 55_000, taxCode: 'reduced' }),
  newProduct('C', { priceE4: 999_999n, taxRatePpm: 0, taxCode: 'zero' }),
];

/** What can happen to orders, each with the next random numbers. */
function happenings(below: (below: number) => number, orders: string[]): (() => Promise<unknown>)[] {
  const { currency } = stage.tenant;
  const pick = () => orders[below(orders.length)] ?? '';
  const someLines = async () => {
    const { id: orderId, lines } = await stage.orderNow(pick());
    const chosen = lines.filter(() => below(2) === 0).map(({ id: lineId }) => ({ lineId, quantity: 1 + below(4) }));
    return chosen.length > 0 && below(3) > 0 ? { orderId, lines: chosen } : { orderId };
  };
  const newLine = (): NewOrderLine => {
    if (below(4) > 0) return { productId: stage.products[below(3)] ?? '', quantity: 1 + below(60) };
    const unitPrice = UnitPrice.of(BigInt(below(30_000) - 20_000), currency);
    return { name: 'Discount', quantity: 1 + below(3), unitPrice, taxCode: 'standard', taxRatePpm: 200_000 };
  };
  const order = async () => {
    const lines = Array.from({ length: 1 + below(5) }, newLine);
    orders.push((await stage.order([], { lines, priceMode: below(2) ? 'net' : 'gross' })).id);
  };
  const credit = async () => {
    const [head] = (await stage.get(InvoiceQueries).page({ orderId: pick() }, 1)).items;
    if (!head) return;
    const { lines } = await stage.get(InvoiceQueries).get(head.id);
    const credited = lines
      .filter(() => below(2) === 0)
      .map((line) => ({ invoiceLineId: line.id, quantity: 1 + below(line.quantity), returnGoods: below(2) === 0 }));
    if (credited.length === 0) return;
    await stage.get(IssueCreditNote).execute({ invoiceId: head.id, reason: 'return', lines: credited });
  };
  const receive = async () => {
    const unitCost = UnitPrice.of(BigInt(below(50_000)), currency);
    const lines = [{ productId: stage.products[below(3)] ?? '', quantity: 1 + below(50), unitCost }];
    await stage.get(RecordStockReceipt).execute({ warehouseId: stage.warehouseId, lines });
  };
  const cancel = async () => stage.get(CancelSalesOrder).execute(await someLines());
  const ship = async () => stage.get(ShipSalesOrder).execute(await someLines());
  const bill = () => stage.get(BillOrder).execute(pick());
  return [order, cancel, ship, bill, credit, receive];
}

/** Refusals are part of life; anything else is a fault. */
async function attempt(step: () => Promise<unknown>): Promise<void> {
  try {
    await stage.as(step);
  } catch (error) {
    if (!(error instanceof DomainError) || error.kind === 'invalid') throw error;
  }
}

it.each(LIVES)('keeps the books right in $currency, whatever happens to the orders', async ({ seed, currency }) => {
  const below = random(seed);
  await stage.newShop(GOODS, { currency });
  const orders = [(await stage.order([5, 50, 500])).id];
  const steps = happenings(below, orders);
  for (let step = 0; step < STEPS; step++) await attempt(steps[below(steps.length)]!);

  for (const orderId of orders) {
    // What nobody may refuse: the event of every cancellation comes in the end.
    await stage.as(() => stage.get(BillOrder).execute(orderId));
    expect(await stage.as(() => stage.get(BillOrder).execute(orderId))).toMatchObject({ creditNote: null });
    for (const line of (await stage.orderNow(orderId)).lines) {
      expect(line.invoiced - line.credited).toBeLessThanOrEqual(line.ordered - line.cancelled);
    }
  }
  const checks = [stage.get(OrderBooksCheck), stage.get(StockBooksCheck)];
  expect(await stage.as(() => Promise.all(checks.map((check) => check.faults())))).toEqual([[], []]);
  expect(await stage.faults()).toEqual([]);
});
