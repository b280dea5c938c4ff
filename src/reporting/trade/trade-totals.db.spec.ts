import { newProduct } from '#erp/catalog/testing';
import { newCustomer } from '#erp/customers/testing';
import { RecordStockAdjustment } from '#erp/inventory';
import { InvoiceQueries, IssueCreditNote } from '#erp/invoicing';
import { ShipSalesOrder } from '#erp/sales';
import { ReportingStage } from '../testing/index.js';

let stage: ReportingStage;

beforeAll(async () => {
  stage = await ReportingStage.open();
});

afterAll(() => stage.close());

const at = <T>(instant: string, work: () => Promise<T>): Promise<T> => stage.as(work, new Date(instant));

/** Takes units of the first line of an order's invoice back. */
async function creditFirstLine(orderId: string, quantity: number, returnGoods = true): Promise<void> {
  const { items } = await stage.get(InvoiceQueries).page({ orderId }, 1);
  const invoice = await stage.get(InvoiceQueries).get(items[0]?.id ?? '');
  const lines = [{ invoiceLineId: invoice.lines[0]?.id ?? '', quantity, returnGoods }];
  await stage.get(IssueCreditNote).execute({ invoiceId: invoice.id, reason: 'return', lines });
}

describe('trade of a shop in London', () => {
  beforeEach(async () => {
    const fee = newProduct('FEE', { kind: 'service', priceE4: 100_000n });
    await stage.newShop([newProduct('LAMP'), fee], newCustomer('Ada Ltd'));
    await at('2026-03-10T12:00:00Z', () => stage.sell([10]));
    const sold = await at('2026-03-31T23:30:00Z', () => stage.sell([4, 1]));
    await at('2026-04-01T09:00:00Z', () => stage.get(ShipSalesOrder).execute({ orderId: sold.id }));
    await at('2026-04-02T09:00:00Z', () => creditFirstLine(sold.id, 3));
    const [productId = ''] = stage.products;
    const lost = { warehouseId: stage.warehouseId, lines: [{ productId, quantity: -5, reason: 'broken' }] };
    await at('2026-04-03T09:00:00Z', () => stage.get(RecordStockAdjustment).execute(lost));
    await stage.deliver();
  });

  it('is what a person reckons', async () => {
    const { totals, ok, checks } = await stage.verify();
    expect(checks.flatMap(({ faults }) => faults)).toEqual([]);
    expect(ok).toBe(true);
    expect(totals.total).toEqual({
      invoices: 3,
      invoices_sale: 2,
      invoices_cancellation: 1,
      invoices_bad_debt: 0,
      lines: 4,
      lines_sale: 3,
      lines_cancellation: 1,
      lines_bad_debt: 0,
      units_net: 12,
      units_sale: 15,
      units_cancellation: -3,
      units_bad_debt: 0,
      gross_revenue: '45.70',
      gross_revenue_positive_lines_only: '45.70',
      cancellations_value: '-7.65',
      bad_debt_value: '0.00',
      net_revenue: '38.05',
      net_revenue_line_rounded_half_even: '38.05',
      net_revenue_line_rounded_half_up: '38.05',
      distinct_skus: 2,
      distinct_skus_casefolded: 2,
      distinct_customers: 1,
      first: '2026-03-10T12:00:00',
      last: '2026-04-02T10:00:00',
    });
    expect(totals.by_sku).toEqual({
      FEE: { lines: 1, qty_net: 1, qty_sale: 1, qty_cancel: 0, net_revenue: '10.00' },
      LAMP: { lines: 3, qty_net: 11, qty_sale: 14, qty_cancel: -3, net_revenue: '28.05' },
    });
  });

  it('falls into months where the tenant is, half an hour after midnight there', async () => {
    const { totals } = await stage.verify();
    expect(totals.by_month).toMatchObject({
      '2026-03': { invoices: 1, net_revenue: '25.50' },
      '2026-04': { invoices: 2, gross_revenue: '20.20', cancellations_value: '-7.65', net_revenue: '12.55' },
    });
    expect(Object.keys(totals.by_month)).toHaveLength(2);
    expect(totals.by_country).toEqual({ GB: totals.total });
    const april = (await stage.verify('2026-04')).totals;
    expect(april.total).toEqual(totals.by_month['2026-04']);
    expect(april.by_sku['LAMP']).toMatchObject({ lines: 2, qty_net: 1 });
  });

  it('is nobody else’s', async () => {
    await stage.newTenant();
    const { totals, ok } = await stage.verify();
    expect(ok).toBe(true);
    expect(totals).toMatchObject({ total: { invoices: 0, lines: 0, net_revenue: '0.00', first: null, last: null } });
    expect([totals.by_month, totals.by_country, totals.by_sku]).toEqual([{}, {}, {}]);
  });
});

describe('imported trade', () => {
  // An invoice over New Year, codes that differ in case, a tenth of a penny, returns with and without an original,
  // write-offs, a document that moves nothing, and bad debts.
  const LINES = [
    '100,A1,LAMP,3,2010-12-31T23:59:00,0.001,17850,France',
    '100,a1,LAMP,2,2011-01-01T00:01:00,1.25,17850,France',
    '100,POST,POSTAGE,1,2011-01-01T00:01:00,15,17850,France',
    'C101,a1,LAMP,-1,2011-01-05T10:00:00,1.25,17850,France',
    'C102,A1,LAMP,-5,2011-01-05T11:00:00,0.005,,EIRE',
    '104,A1,damaged,-4,2011-01-06T09:00:00,0,,United Kingdom',
    '104,POST,check,1,2011-01-06T09:00:00,0,,United Kingdom',
    '105,POST,check,2,2011-01-06T10:00:00,0,,United Kingdom',
    'A106,B,Adjust bad debt,1,2011-08-12T14:50:00,11062.06,,United Kingdom',
    'A107,B,Adjust bad debt,1,2011-08-12T14:51:00,-11062.06,,United Kingdom',
    'A108,B,Adjust bad debt,1,2011-08-12T14:52:00,-11062.06,,United Kingdom',
  ];

  beforeEach(async () => {
    await stage.newTenant();
    await stage.importLines(LINES);
  });

  it('is counted as its source has it', async () => {
    const { totals, checks } = await stage.verify();
    expect(checks.flatMap(({ faults }) => faults)).toEqual([]);
    expect(totals.total).toEqual({
      invoices: 8,
      invoices_sale: 3,
      invoices_cancellation: 2,
      invoices_bad_debt: 3,
      lines: 11,
      lines_sale: 6,
      lines_cancellation: 2,
      lines_bad_debt: 3,
      units_net: 2,
      units_sale: 5,
      units_cancellation: -6,
      units_bad_debt: 3,
      gross_revenue: '17.503',
      gross_revenue_positive_lines_only: '17.503',
      cancellations_value: '-1.275',
      bad_debt_value: '-11062.06',
      net_revenue: '-11045.832',
      net_revenue_line_rounded_half_even: '-11045.83',
      net_revenue_line_rounded_half_up: '-11045.84',
      distinct_skus: 4,
      distinct_skus_casefolded: 3,
      distinct_customers: 1,
      first: '2010-12-31T23:59:00',
      last: '2011-08-12T14:52:00',
    });
    expect(totals.by_month).toMatchObject({
      '2010-12': { invoices: 1, lines: 1, net_revenue: '0.003' },
      '2011-01': { invoices: 5, lines: 7, net_revenue: '16.225' },
      '2011-08': { invoices: 3, lines: 3, net_revenue: '-11062.06' },
    });
    expect(totals.by_country).toMatchObject({
      EIRE: { invoices: 1, distinct_customers: 0, net_revenue: '-0.025' },
      France: { invoices: 2, distinct_customers: 1, net_revenue: '16.253' },
      'United Kingdom': { invoices: 5, distinct_customers: 0, net_revenue: '-11062.06' },
    });
    expect(totals.by_sku['A1']).toEqual({
      lines: 3,
      qty_net: -6,
      qty_sale: -1,
      qty_cancel: -5,
      net_revenue: '-0.022',
    });
  });

  it('goes on with credit notes of our own, for the same customer and country', async () => {
    const { items } = await stage.as(() => stage.get(InvoiceQueries).page({ externalRef: '100' }, 1));
    await at('2011-02-01T09:00:00Z', () => creditFirstLine(items[0]?.orderId ?? '', 1));
    await stage.deliver();
    const { totals, checks } = await stage.verify();
    expect(checks.flatMap(({ faults }) => faults)).toEqual([]);
    expect(totals.total).toMatchObject({ invoices: 9, invoices_cancellation: 3, distinct_customers: 1 });
    expect(totals.by_country['France']).toMatchObject({ invoices: 3, cancellations_value: '-1.251' });
  });
});
