import { PostBusinessFacts } from '#erp/accounting';
import { newProduct } from '#erp/catalog/testing';
import { newCustomer } from '#erp/customers/testing';
import { InvoiceQueries, IssueCreditNote } from '#erp/invoicing';
import { ConfirmPayment, RequestPayment, RequestRefund } from '#erp/payments';
import { ShipSalesOrder } from '#erp/sales';
import { Money } from '#libs/kernel';
import { ReportingStage } from '../testing/index.js';

let stage: ReportingStage;

beforeAll(async () => {
  stage = await ReportingStage.open();
});

afterAll(() => stage.close());

const NOON = new Date('2026-03-10T12:00:00Z');
const pounds = (amount: string) => Money.parse(amount, 'GBP');

/** One of everything that leaves a trace in the books: bought, sold, shipped, returned, paid, refunded, imported. */
beforeEach(async () => {
  await stage.newShop([newProduct('LAMP'), newProduct('VASE')], newCustomer('Ada Ltd'));
  await stage.as(async () => {
    const order = await stage.sell([4, 2]);
    await stage.get(ShipSalesOrder).execute({ orderId: order.id });
    const { items } = await stage.get(InvoiceQueries).page({ orderId: order.id }, 1);
    const invoice = await stage.get(InvoiceQueries).get(items[0]?.id ?? '');
    const lines = [{ invoiceLineId: invoice.lines[0]?.id ?? '', quantity: 1, returnGoods: true }];
    await stage.get(IssueCreditNote).execute({ invoiceId: invoice.id, reason: 'return', lines });
    await stage.sell([1, 1]);
    await paidAndRefunded(order.id);
  }, NOON);
  await stage.importLines([
    '100,A1,LAMP,3,2010-12-01T08:26:00,2.55,17850,France',
    'C101,A1,LAMP,-1,2010-12-02T10:00:00,2.55,17850,France',
    '102,A1,damaged,-1,2010-12-03T09:00:00,0,,United Kingdom',
    'A103,B,Adjust bad debt,1,2010-12-04T14:50:00,-7.50,,United Kingdom',
  ]);
  await stage.deliver();
});

async function paidAndRefunded(orderId: string): Promise<void> {
  const amount = pounds('10.00');
  const { id: paymentId } = await stage.get(RequestPayment).execute({ orderId, method: 'pm_ok', amount });
  await stage.get(ConfirmPayment).execute(paymentId, { providerRef: 'ch_1', amountMinor: 1_000n, currency: 'GBP' });
  const { id: refundId } = await stage.get(RequestRefund).execute({ paymentId, amount: pounds('4.00') });
  // Payments keep the end of a refund to themselves and their provider; here its rows are enough.
  await stage.forge(`
    update refund set status = 'succeeded', provider_ref = 're_1', settled_at = now() where tenant_id = $tenant;
    update payment set refunding_minor = 0, refunded_minor = 400 where tenant_id = $tenant`);
  const facts = { refundId, businessDate: '2026-03-10', amountMinor: 400n };
  await stage.get(PostBusinessFacts).execute([{ type: 'refund', facts }]);
}

it('finds nothing wrong with books that are right', async () => {
  const { checks } = await stage.verify();
  expect(checks.flatMap(({ faults }) => faults)).toEqual([]);
  expect(checks).toHaveLength(8);
});

/** Rows of the journal that one kind of document has. */
const entry = (sourceType: string) =>
  `select id from journal_entry where tenant_id = $tenant and source_type = '${sourceType}'`;
const deletePosting = (sourceType: string) => `
  delete from journal_line where entry_id in (${entry(sourceType)});
  delete from journal_entry where id in (${entry(sourceType)})`;
const one = (table: string, where = 'true') =>
  `id = (select id from ${table} where tenant_id = $tenant and ${where} order by id limit 1)`;
const account = (role: string) => `(select id from account where tenant_id = $tenant and role = '${role}')`;

/** Made by the rules of the database: it balances, and the kept balances know it. */
const forgedEntry = (debit: string, credit: string) => `
  set session_replication_role = origin;
  with entry as (
    insert into journal_entry (tenant_id, id, entry_date, kind, source_type, source_id, currency, description)
    values ($tenant, gen_random_uuid(), '2026-03-10', 'invoice', 'invoice', gen_random_uuid(), 'GBP', 'forged')
    returning id
  )
  insert into journal_line (tenant_id, id, entry_id, line_no, account_id, amount_minor)
  select $tenant, gen_random_uuid(), id, 1, ${account(debit)}, 100 from entry
  union all select $tenant, gen_random_uuid(), id, 2, ${account(credit)}, -100 from entry`;

const POSTED_DIFFERS = ['accounting.balance.differs', 'reporting.entry.amounts'];
const POSTING_GONE = ['accounting.balance.differs', 'reporting.document.without_entry'];
const NO_INVENTORY = 'reporting.inventory_account';

it.each<[string, string, string[]]>([
  [
    'a line of an invoice that was changed',
    `update invoice_line set quantity = quantity + 1 where ${one('invoice_line', 'credited_quantity = 0 and order_line_id is not null')}`,
    ['reporting.invoice_line.amount', 'reporting.order_line.billed'],
  ],
  [
    'another quantity at another price, however well it adds up',
    `update invoice_line set unit_price_e4 = unit_price_e4 * 2, quantity = 1
     where ${one('invoice_line', 'credited_quantity = 0 and quantity = 2')}`,
    ['reporting.invoice_line.amount', 'reporting.order_line.billed'],
  ],
  [
    'an invoice of another total',
    `update invoice set net_minor = net_minor + 1, total_minor = total_minor + 1 where ${one('invoice')}`,
    ['invoicing.invoice.sum', 'reporting.entry.amounts'],
  ],
  [
    'a gap in the numbers',
    `update invoice set sequence = sequence + 1, number = 'INV-2026-000003' where ${one('invoice', `number = 'INV-2026-000002'`)}`,
    ['invoicing.invoice.gap'],
  ],
  [
    'invoices that are gone',
    `delete from invoice_tax where tenant_id = $tenant; delete from invoice_line where tenant_id = $tenant;
     delete from invoice where tenant_id = $tenant`,
    [
      'reporting.credit_note_line.amount',
      'reporting.entry.without_document',
      'reporting.import.line',
      'reporting.import.lines',
      'reporting.order_line.billed',
    ],
  ],
  [
    'a line of a credit note at another price',
    `update credit_note_line set unit_price_e4 = unit_price_e4 + 1 where ${one('credit_note_line', `sku = 'LAMP'`)}`,
    ['reporting.credit_note_line.amount'],
  ],
  ['the posting of an invoice that is gone', deletePosting('invoice'), POSTING_GONE],
  ['the posting of a credit note that is gone', deletePosting('credit_note'), POSTING_GONE],
  ['the posting of a payment that is gone', deletePosting('payment'), POSTING_GONE],
  ['the posting of a refund that is gone', deletePosting('refund'), POSTING_GONE],
  ['the posting of a bad debt that is gone', deletePosting('bad_debt'), POSTING_GONE],
  ...['opening', 'receipt', 'shipment', 'return', 'adjustment'].map((kind): [string, string, string[]] => [
    `the posting of a stock document that is gone: ${kind}`,
    deletePosting(`stock_${kind}`),
    [...POSTING_GONE, NO_INVENTORY],
  ]),
  ['a forged entry', forgedEntry('receivable', 'revenue'), ['reporting.entry.without_document']],
  ['a forged entry on stock', forgedEntry('inventory', 'cogs'), ['reporting.entry.without_document', NO_INVENTORY]],
  [
    'a posting on another account',
    `update journal_line set account_id = ${account('tax_payable')}
     where account_id = ${account('revenue')} and entry_id in (${entry('credit_note')})`,
    POSTED_DIFFERS,
  ],
  [
    'a posting of another amount',
    `update journal_line set amount_minor = amount_minor + 1 where ${one('journal_line', `account_id = ${account('receivable')}`)}`,
    ['accounting.entry.unbalanced', 'accounting.trial_balance.not_zero', ...POSTED_DIFFERS],
  ],
  [
    'a posting of another day',
    `update journal_entry set entry_date = entry_date + 1 where id in (${entry('stock_receipt')})`,
    ['reporting.entry.date'],
  ],
  [
    'a payment that was never captured',
    `update payment set status = 'pending', settled_at = null, captured_minor = 0, refunded_minor = 0 where tenant_id = $tenant;
     delete from refund where tenant_id = $tenant`,
    ['reporting.entry.without_document'],
  ],
  [
    'a level that is off by one unit',
    `update stock_level set on_hand = on_hand + 1 where ${one('stock_level')}`,
    ['inventory.level.on_hand'],
  ],
  [
    'a level that is off by a penny',
    `update stock_level set value_minor = value_minor + 1 where ${one('stock_level')}`,
    ['inventory.level.value', NO_INVENTORY],
  ],
  [
    'a shipment of another quantity',
    `update sales_shipment_line set quantity = quantity + 1 where ${one('sales_shipment_line')}`,
    ['reporting.goods.shipped', 'sales.line.shipped'],
  ],
  [
    'goods that came back on no shelf',
    `delete from stock_movement where tenant_id = $tenant and kind = 'return'`,
    [
      'inventory.level.on_hand',
      'inventory.level.value',
      'reporting.entry.without_document',
      'reporting.goods.returned',
    ],
  ],
  [
    'an order line that forgets its invoice',
    `update sales_order_line set invoiced = invoiced - 1 where ${one('sales_order_line', 'credited = 0')}`,
    ['reporting.order_line.billed', 'sales.order.status'],
  ],
  [
    'a source line that is not what it became',
    `update imported_line set quantity = quantity + 1 where tenant_id = $tenant and sku = 'A1' and quantity > 0`,
    ['reporting.import.line'],
  ],
  [
    'a write-off that is not what the source says',
    `update imported_line set quantity = quantity - 1 where tenant_id = $tenant and description = 'damaged'`,
    ['reporting.import.line'],
  ],
  [
    'a source line that is gone',
    `delete from imported_line where tenant_id = $tenant and quantity = 3`,
    ['reporting.import.lines'],
  ],
  [
    'a bad debt that is not what was posted',
    `update imported_line set unit_price_e4 = -80000 where tenant_id = $tenant and sku = 'B'`,
    ['reporting.entry.amounts'],
  ],
])('names %s', async (_name, sql, expected) => {
  await stage.forge(sql);
  expect(await stage.codes()).toEqual(expected.toSorted());
});

it('says which document, which account and both figures', async () => {
  await stage.forge(`update journal_line set amount_minor = -501
    where account_id = ${account('revenue')} and entry_id in (${entry('credit_note')} and entry_date > '2026-01-01')`);
  const { checks } = await stage.verify();
  const fault = checks.flatMap(({ faults }) => faults).find(({ code }) => code === 'reporting.entry.amounts');
  expect(fault).toEqual({
    code: 'reporting.entry.amounts',
    subject: 'credit_note CN-2026-000001',
    message: 'credit_note CN-2026-000001 and its entry differ: revenue -501 posted, 255 on the document (minor units).',
  });
});
