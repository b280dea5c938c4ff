import { newProduct } from '#erp/catalog/testing';
import { CancelSalesOrder, type SalesOrderDetails, ShipSalesOrder } from '#erp/sales';
import { UnitPrice } from '#libs/kernel';
import { BillOrder, CreditNoteQueries, IssueCreditNote } from '../index.js';
import { InvoicingStage } from '../testing/index.js';

let stage: InvoicingStage;

beforeAll(async () => {
  stage = await InvoicingStage.open();
});
afterAll(() => stage.close());
beforeEach(() =>
  stage.newShop([newProduct('A'), newProduct('FREE', { priceE4: 100_000n, taxCode: 'zero', taxRatePpm: 0 })]),
);

/** Ten of A at 2.55, a discount of 5.00 at the same rate, and so many of what is free of tax. */
function discounted(untaxed: number): Promise<SalesOrderDetails> {
  const discount = {
    name: 'Discount',
    quantity: 1,
    unitPrice: UnitPrice.parse('-5.00', stage.tenant.currency),
    taxCode: 'standard',
    taxRatePpm: 200_000,
  };
  const goods = [{ productId: stage.products[0] ?? '', quantity: 10 }, discount];
  const lines = untaxed > 0 ? [...goods, { productId: stage.products[1] ?? '', quantity: untaxed }] : goods;
  return stage.order([], { lines });
}

const bill = (orderId: string) => stage.as(() => stage.get(BillOrder).execute(orderId));
const cancel = (orderId: string, lines?: { lineId: string; quantity: number }[]) =>
  stage.as(() => stage.get(CancelSalesOrder).execute({ orderId, lines }));

async function invoiced(untaxed: number) {
  const order = await discounted(untaxed);
  const { invoice } = await bill(order.id);
  if (!invoice) throw new Error('no invoice');
  const credit = (quantities: readonly number[], reason: 'goodwill' | 'return' = 'goodwill') =>
    stage.as(() =>
      stage.get(IssueCreditNote).execute({
        invoiceId: invoice.id,
        reason,
        lines: quantities.flatMap((quantity, index) =>
          quantity > 0
            ? [{ invoiceLineId: invoice.lines[index]?.id ?? '', quantity, returnGoods: reason === 'return' }]
            : [],
        ),
      }),
    );
  return { order, invoice, credit };
}

it('credits cancelled goods of which a discount at their rate remains', async () => {
  const { order } = await invoiced(3);
  await cancel(order.id, [{ lineId: order.lines[0]?.id ?? '', quantity: 10 }]);
  expect(await bill(order.id)).toMatchObject({ creditNote: { netMinor: 2_550n, taxMinor: 510n } });
  expect(await stage.faults()).toEqual([]);
});

it('credits an invoice with a discount exactly, the goods first', async () => {
  const { order, invoice, credit } = await invoiced(0);
  await stage.as(() => stage.get(ShipSalesOrder).execute({ orderId: order.id }));
  await credit([8], 'return');
  await credit([2, 1], 'return');
  const { items } = await stage.as(() => stage.get(CreditNoteQueries).page({ invoiceId: invoice.id }, 50));
  expect(items.reduce((sum, note) => sum + note.totalMinor, 0n)).toBe(invoice.totalMinor);
  expect(await stage.faults()).toEqual([]);
});

it('gives back no more than was invoiced: the discount is credited with the goods', async () => {
  const { credit } = await invoiced(0);
  await expect(credit([10])).rejects.toMatchObject({ code: 'invoicing.invoice.overcredited', kind: 'conflict' });
  await credit([8]);
  await expect(credit([1])).rejects.toMatchObject({ code: 'invoicing.invoice.overcredited' });
  expect(await stage.faults()).toEqual([]);
});

it('issues no credit note that would take money: a discount is not credited alone', async () => {
  const { credit } = await invoiced(0);
  await expect(credit([0, 1])).rejects.toMatchObject({ code: 'invoicing.credit_note.total_negative' });
});

it('lets nobody cancel what would leave more discount than goods', async () => {
  const { order } = await invoiced(0);
  const goods = [{ lineId: order.lines[0]?.id ?? '', quantity: 9 }];
  await expect(cancel(order.id, goods)).rejects.toMatchObject({ code: 'sales.order.total_negative' });
  await cancel(order.id);
  expect(await bill(order.id)).toMatchObject({ creditNote: { totalMinor: 2_460n } });
});
