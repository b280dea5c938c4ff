import { newProduct } from '#erp/catalog/testing';
import { CancelSalesOrder, PlaceSalesOrder, ShipSalesOrder } from '#erp/sales';
import { runInContext } from '#libs/context';
import { BillOrder, CreditNoteQueries, InvoiceQueries, IssueCreditNote } from '../index.js';
import { InvoicingStage } from '../testing/index.js';

let stage: InvoicingStage;

beforeAll(async () => {
  stage = await InvoicingStage.open();
});
afterAll(() => stage.close());
beforeEach(() => stage.newShop());

const bill = (orderId: string) => stage.as(() => stage.get(BillOrder).execute(orderId));
const cancel = (orderId: string, lines?: { lineId: string; quantity: number }[]) =>
  stage.as(() => stage.get(CancelSalesOrder).execute(lines ? { orderId, lines } : { orderId }));
const billed = async (orderId: string) =>
  (await stage.orderNow(orderId)).lines.map((line) => line.invoiced - line.credited);

it('invoices a confirmed order once, with what its lines said then', async () => {
  const order = await stage.order([4]);
  const { invoice } = await bill(order.id);
  expect(invoice).toMatchObject({
    number: `INV-${new Date().getFullYear()}-000001`,
    netMinor: 1_020n,
    taxMinor: 204n,
    totalMinor: 1_224n,
    buyer: { name: 'Ada Ltd' },
    seller: { name: 'Test Traders Ltd' },
  });
  const again = await bill(order.id);
  expect(again).toMatchObject({ invoice: { id: invoice?.id }, creditNote: null });
  expect(await stage.faults()).toEqual([]);
});

it('knows what it has made itself: placed, shipped in two parts and billed twice in one unit of work', async () => {
  const input = { customerId: stage.customerId, warehouseId: stage.warehouseId, confirm: true };
  const done = await stage.run(async () => {
    const lines = [{ productId: stage.products[0] ?? '', quantity: 4 }];
    const placed = await stage.get(PlaceSalesOrder).execute({ ...input, lines });
    const lineId = placed.lines[0]?.id ?? '';
    const ship = (quantity: number) =>
      stage.get(ShipSalesOrder).execute({ orderId: placed.id, lines: [{ lineId, quantity }] });
    const shipments = [await ship(3), await ship(1)];
    const [first, again] = [
      await stage.get(BillOrder).execute(placed.id),
      await stage.get(BillOrder).execute(placed.id),
    ];
    return { placed, shipments, invoices: [first.invoice?.id, again.invoice?.id], creditNote: again.creditNote };
  });
  expect(done.shipments.map(({ number }) => number)).toEqual([`${done.placed.number}-S1`, `${done.placed.number}-S2`]);
  expect(done.invoices[0]).toBe(done.invoices[1]);
  expect(done.creditNote).toBeNull();
  const order = await stage.orderNow(done.placed.id);
  expect(order).toMatchObject({ status: 'completed', lines: [{ shipped: 4, invoiced: 4 }] });
  expect(await stage.faults()).toEqual([]);
});

it('ends the same whether the cancellation or the invoice came first', async () => {
  const before = await stage.order([10]);
  await cancel(before.id, [{ lineId: before.lines[0]?.id ?? '', quantity: 3 }]);
  await bill(before.id);

  const after = await stage.order([10]);
  await bill(after.id);
  await cancel(after.id, [{ lineId: after.lines[0]?.id ?? '', quantity: 3 }]);
  const { creditNote } = await bill(after.id);

  expect(creditNote).toMatchObject({ reason: 'cancellation', netMinor: 765n });
  expect(await billed(before.id)).toEqual([7]);
  expect(await billed(after.id)).toEqual([7]);
  expect(await bill(after.id)).toMatchObject({ creditNote: null });
});

it('bills nothing of an order that was cancelled before it was invoiced', async () => {
  const order = await stage.order([10]);
  await cancel(order.id);
  expect(await bill(order.id)).toEqual({ invoice: null, creditNote: null });
});

it('credits the rest exactly, in whatever pieces, in both price modes', async () => {
  const prices = [33_333n, 199_999n, 1n].map((priceE4, index) =>
    newProduct(`P${index}`, { priceE4, taxRatePpm: index === 1 ? 55_000 : 200_000 }),
  );
  for (const priceMode of ['net', 'gross'] as const) {
    await stage.newShop(prices);
    const order = await stage.order([7, 3, 11], { priceMode });
    const { invoice } = await bill(order.id);
    if (!invoice) throw new Error('no invoice');
    const pieces = [
      [2, 1, 4],
      [1, 1, 6],
      [4, 1, 1],
    ];
    for (const piece of pieces) {
      const lines = piece.map((quantity, index) => ({
        invoiceLineId: invoice.lines[index]?.id ?? '',
        quantity,
        returnGoods: false,
      }));
      await stage.as(() => stage.get(IssueCreditNote).execute({ invoiceId: invoice.id, reason: 'goodwill', lines }));
    }
    const { items } = await stage.as(() => stage.get(CreditNoteQueries).page({ invoiceId: invoice.id }, 50));
    const sum = (of: (note: (typeof items)[number]) => bigint) => items.reduce((total, note) => total + of(note), 0n);
    expect(sum((note) => note.netMinor)).toBe(invoice.netMinor);
    expect(sum((note) => note.taxMinor)).toBe(invoice.taxMinor);
    expect(sum((note) => note.totalMinor)).toBe(invoice.totalMinor);
    expect(await stage.faults()).toEqual([]);
  }
});

it('takes goods back at the cost they left with', async () => {
  const order = await stage.order([10]);
  const { invoice } = await bill(order.id);
  await stage.as(() => stage.get(ShipSalesOrder).execute({ orderId: order.id }));
  expect(await stage.onHand(stage.products[0])).toEqual({ onHand: 90, valueMinor: 9_000n });
  const lines = [{ invoiceLineId: invoice?.lines[0]?.id ?? '', quantity: 4, returnGoods: true }];
  await stage.as(() => stage.get(IssueCreditNote).execute({ invoiceId: invoice?.id ?? '', reason: 'return', lines }));
  expect(await stage.onHand(stage.products[0])).toEqual({ onHand: 94, valueMinor: 9_400n });
  expect(await stage.orderNow(order.id)).toMatchObject({ lines: [{ returned: 4, credited: 4 }] });
});

it('refuses to take back what was never shipped, and leaves nothing of the attempt', async () => {
  const order = await stage.order([10]);
  const { invoice } = await bill(order.id);
  const lines = [{ invoiceLineId: invoice?.lines[0]?.id ?? '', quantity: 4, returnGoods: true }];
  const attempt = stage.as(() =>
    stage.get(IssueCreditNote).execute({ invoiceId: invoice?.id ?? '', reason: 'return', lines }),
  );
  await expect(attempt).rejects.toMatchObject({ code: 'sales.order.quantity_exceeded' });
  expect(await billed(order.id)).toEqual([10]);
  const second = await bill((await stage.order([1])).id);
  expect(second.invoice?.number).toMatch(/-000002$/);
});

it('lets two who credit the same line at once credit no more than there is', async () => {
  const order = await stage.order([10]);
  const { invoice } = await bill(order.id);
  const credit = () =>
    stage.as(() =>
      stage.get(IssueCreditNote).execute({
        invoiceId: invoice?.id ?? '',
        reason: 'goodwill',
        lines: [{ invoiceLineId: invoice?.lines[0]?.id ?? '', quantity: 6, returnGoods: false }],
      }),
    );
  const outcomes = await Promise.allSettled([credit(), credit(), credit()]);
  expect(outcomes.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
  expect(await billed(order.id)).toEqual([4]);
  expect(await stage.faults()).toEqual([]);
});

it('bills an order once when many want to at the same time', async () => {
  const order = await stage.order([10]);
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => bill(order.id)));
  expect(new Set(outcomes.map((one) => one.invoice?.id)).size).toBe(1);
});

it('numbers without gaps or duplicates while many issue and every fifth rolls back', async () => {
  const orders = [];
  for (let index = 0; index < 20; index++) orders.push(await stage.order([1]));
  await Promise.allSettled(
    orders.map((order, index) =>
      stage.run(async () => {
        await stage.get(BillOrder).execute(order.id);
        if (index % 5 === 0) throw new Error('rolled back');
      }),
    ),
  );
  const { items } = await stage.as(() => stage.get(InvoiceQueries).page({}, 200));
  expect(items.map((one) => one.sequence).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 16 }, (_, i) => i + 1),
  );
  expect(await stage.faults()).toEqual([]);
});

it('dates and numbers by the tenant’s own calendar: New Year in Auckland', async () => {
  await stage.newShop([newProduct('A')], { timeZone: 'Pacific/Auckland' });
  const issue = async (at: string) => {
    const order = await stage.order([1]);
    const now = new Date(at);
    const { invoice } = await runInContext({ now }, () => bill(order.id));
    return [invoice?.number, invoice?.issuedOn, invoice?.dueOn];
  };
  expect(await issue('2025-12-31T10:59:59Z')).toEqual(['INV-2025-000001', '2025-12-31', '2026-01-30']);
  expect(await issue('2025-12-31T11:00:00Z')).toEqual(['INV-2026-000001', '2026-01-01', '2026-01-31']);
});

it('lets the application change nothing of what was issued', async () => {
  const order = await stage.order([1]);
  await bill(order.id);
  const { UnitOfWork } = await import('#libs/database');
  for (const sql of [
    'update invoice set total_minor = 0',
    `update invoice set number = 'X'`,
    'update invoice_line set quantity = 1',
    'update invoice_tax set tax_minor = 0',
    'delete from invoice_line',
    'delete from invoice',
  ]) {
    await expect(stage.run(() => stage.get(UnitOfWork).execute(sql))).rejects.toMatchObject({ code: '42501' });
  }
});
