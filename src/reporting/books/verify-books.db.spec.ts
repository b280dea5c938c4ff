import { newProduct } from '#erp/catalog/testing';
import { newCustomer } from '#erp/customers/testing';
import { BillOrder } from '#erp/invoicing';
import { PlaceSalesOrder, ShipSalesOrder } from '#erp/sales';
import { UnitOfWork } from '#libs/database';
import type { BooksCheck } from '#libs/kernel';
import { ReportingStage } from '../testing/index.js';
import { TradeTotalsQueries } from '../trade/trade-totals.queries.js';
import { VerifyBooks } from './verify-books.js';

let stage: ReportingStage;

beforeAll(async () => {
  stage = await ReportingStage.open();
});

afterAll(() => stage.close());

beforeEach(() => stage.newShop([newProduct('LAMP'), newProduct('VASE')], newCustomer('Ada Ltd')));

const soldAndShipped = () =>
  stage.as(async () => {
    const order = await stage.sell([1, 1]);
    await stage.get(ShipSalesOrder).execute({ orderId: order.id });
  });

it('misses nothing that is still on its way', async () => {
  await soldAndShipped();
  expect(await stage.verify()).toMatchObject({ ok: true, deadLetters: 0 });
  const { outstanding } = await stage.verify();
  // The receipt, the shipment and the invoice wait for the journal, and the order for three listeners, among others.
  expect(outstanding).toBeGreaterThanOrEqual(4);
  await stage.deliver();
  const after = await stage.verify();
  expect(after.ok).toBe(true);
  expect(after.outstanding).toBeLessThan(outstanding);
});

it('misses the invoice of an order only when nobody is about to issue it', async () => {
  const { customerId, warehouseId } = stage;
  const lines = [{ productId: stage.products[0] ?? '', quantity: 2 }];
  const order = { customerId, warehouseId, confirm: true, lines };
  const { id } = await stage.as(() => stage.get(PlaceSalesOrder).execute(order));
  expect(await stage.codes()).toEqual([]);
  await stage.forge(`update platform.delivery set state = 'discarded', completed_at = now()
    where tenant_id = $tenant and consumer = 'invoicing.order-billing'`);
  expect(await stage.codes()).toEqual(['reporting.order.billing']);
  await stage.as(() => stage.get(BillOrder).execute(id));
  expect(await stage.codes()).toEqual([]);
});

it.each(['dead', 'discarded'])('misses a posting that is %s', async (state) => {
  await soldAndShipped();
  const completed = state === 'discarded' ? 'now()' : 'null';
  await stage.forge(`update platform.delivery set state = '${state}', completed_at = ${completed}
    where tenant_id = $tenant and consumer like 'accounting.%'`);
  expect(await stage.codes()).toEqual(['reporting.document.without_entry', 'reporting.inventory_account']);
  expect((await stage.verify()).deadLetters).toBe(state === 'dead' ? 3 : 0);
});

describe('while trade goes on', () => {
  /** Sells, ships and posts until told to stop. */
  async function trade(stop: { now: boolean }): Promise<number> {
    let sold = 0;
    while (!stop.now && sold < 80) {
      await soldAndShipped();
      await stage.deliver();
      sold += 1;
    }
    return sold;
  }

  it('sees one state of the books, which is right', async () => {
    const stop = { now: false };
    const trading = trade(stop);
    const found: string[] = [];
    for (let audit = 0; audit < 8; audit++) found.push(...(await stage.codes()));
    stop.now = true;
    expect(await trading).toBeGreaterThan(0);
    expect(found).toEqual([]);
    expect(await stage.codes()).toEqual([]);
  });

  it('totals what its checks have seen, and not what was sold meanwhile', async () => {
    await soldAndShipped();
    const sellsMeanwhile: BooksCheck = {
      name: 'sells meanwhile',
      faults: async () => {
        const { lines } = (await stage.get(TradeTotalsQueries).all()).total;
        await soldAndShipped();
        return [{ code: 'seen', subject: 'lines', message: String(lines) }];
      },
    };
    const verify = new VerifyBooks(stage.get(UnitOfWork), stage.get(TradeTotalsQueries), [sellsMeanwhile]);
    const { checks, totals } = await stage.as(() => verify.execute());
    expect(checks[0]?.faults).toEqual([{ code: 'seen', subject: 'lines', message: '2' }]);
    expect(totals.total.lines).toBe(2);
    expect((await stage.verify()).totals.total.lines).toBe(4);
  });

  it('refuses to join a unit of work whose statements each see another state', async () => {
    const joined = stage.as(() => stage.get(UnitOfWork).read(() => stage.get(VerifyBooks).execute()));
    await expect(joined).rejects.toThrow('snapshot');
  });
});
