import pg from 'pg';
import type { TenantIdentity } from '#libs/context';
import { uuidv7 } from '#libs/kernel';
import { testStack } from '#libs/testing';
import type { SandboxOperation } from '#erp/payments/testing';
import { Auditor, faultsOfMoney } from './auditor.js';
import { ALWAYS, asked, LIVE } from './ground-truth.js';
import type { Operation } from './order-load.js';
import { SmallCompanies } from './small-company.js';

/** What the other specs of this folder rest on: the auditor notices. */
let companies: SmallCompanies;
let auditor: Auditor;
let tenant: TenantIdentity;
let log: Operation[];

beforeAll(async () => {
  companies = await SmallCompanies.open();
  auditor = await Auditor.of(companies.database);
  ({ tenant, log } = await companies.company());
});

afterAll(async () => {
  await auditor?.dismiss();
  await companies?.close();
});

const kindsOf = (faults: readonly string[]) => [...new Set(faults.map((fault) => /^(books: )?[^:]+/.exec(fault)?.[0]))];

it('finds nothing wrong with what is right', async () => {
  expect(await auditor.faultsOfOrders(tenant.id)).toEqual([]);
  expect(await auditor.faultsOfLog(tenant.id, log)).toEqual([]);
  expect(await auditor.faultsOfMail(tenant.id, companies.mail.taken)).toEqual([]);
});

it.each<[string, string, string]>([
  ['a unit that was promised twice', 'update stock_level set reserved = reserved + 1', 'stock.promises'],
  ['more promised than is there', 'update stock_level set reserved = on_hand + 1', 'stock.oversold'],
  ['a promise that was lost', 'update sales_order_line set reserved = 0', 'stock.promises'],
  ['units that nobody moved', 'update stock_level set on_hand = on_hand + 5', 'stock.movements'],
  ['stock that lies idle while an order waits', 'update stock_level set reserved = 0', 'stock.idle'],
  [
    'a consumer that has not finished',
    `update platform.delivery set state = 'dead' where consumer = 'invoicing.pdf'`,
    'events.unfinished',
  ],
  [
    'a delivery that was never written',
    `delete from platform.delivery where consumer = 'accounting.stock-posting'`,
    'events.unheard',
  ],
  ['an event that is gone', `delete from platform.outbox_event where type = 'sales.order.confirmed'`, 'orders.event'],
  ['an event that is there twice', twice('platform.outbox_event', `type = 'sales.order.confirmed'`), 'orders.event'],
  ['a gap in the events', 'update platform.outbox_event set sequence = sequence + 1', 'events.gap'],
  ['an invoice too few', 'delete from invoice where sequence = 2', 'orders.invoice'],
  ['an invoice that is there twice', twice('invoice', 'sequence = 1'), 'orders.invoice'],
  ['a line that was billed twice', 'update sales_order_line set invoiced = invoiced + 1', 'orders.billed'],
  ['a gap in the invoices', 'update invoice set sequence = 9 where sequence = 2', 'numbers.invoice'],
  ['a gap in the credit notes', 'update credit_note set sequence = 2', 'numbers.credit_note'],
  ['a gap in the orders', `delete from sales_order where note = 'waiting'`, 'numbers.order'],
  ['an entry too few', `delete from journal_entry where source_type = 'invoice'`, 'documents.entry'],
  ['an entry that is there twice', twice('journal_entry', `source_type = 'credit_note'`), 'documents.entry'],
  ['an entry of another amount', 'update journal_line set amount_minor = 2 * amount_minor', 'documents.receivable'],
  ['stock that is not in the books', `delete from journal_entry where source_type = 'stock_shipment'`, 'stock.entry'],
  ['stock worth less than its account', 'update stock_level set value_minor = value_minor - 1', 'stock.account'],
  [
    'money that is not in the books',
    `insert into payment (tenant_id, id, order_id, provider, method, amount_minor, currency, status, asks, version, updated_at,
       captured_minor, refunding_minor, refunded_minor)
     select tenant_id, id, id, 'sandbox', 'pm_ok', 5, 'GBP', 'captured', 1, 1, now(), 5, 0, 0 from sales_order`,
    'payments.entry',
  ],
  [
    'money of which nobody knows',
    `insert into payment (tenant_id, id, order_id, provider, method, amount_minor, currency, status, asks, version, updated_at,
       captured_minor, refunding_minor, refunded_minor)
     select tenant_id, id, id, 'sandbox', 'pm_ok', 5, 'GBP', 'unknown', 1, 1, now(), 0, 0, 0 from sales_order`,
    'payments.unsettled',
  ],
  ['a mail that was not sent', `update email_message set status = 'unknown'`, 'orders.mail'],
  ['a mail that is there twice', twice('email_message', `kind = 'order_confirmation'`), 'orders.mail'],
  ['an invoice without its PDF', 'update invoice set pdf_key = null', 'documents.pdf'],
])('notices %s', async (_name, ruin, code) => {
  expect(await faultsAfter(ruin)).toContain(code);
});

it('notices an order that was lost, done twice, refused and there, or sent by nobody', async () => {
  const claims: Operation[] = [
    { kind: 'order', marker: 'waiting', knowledge: 'failed' },
    { kind: 'order', marker: 'lost', knowledge: 'ok' },
    { kind: 'receipt', marker: 'vanished', knowledge: 'ok' },
    { kind: 'order', marker: 'shipped', knowledge: 'unknown' },
    { kind: 'order', marker: 'nowhere', knowledge: 'unknown' },
  ];
  expect(await auditor.faultsOfLog(tenant.id, claims)).toEqual([
    'log: order waiting is failed and there 1 times',
    'log: order lost is ok and there 0 times',
    'log: receipt vanished is ok and there 0 times',
    'log: nobody sent cancelled',
  ]);
  const doubled = `update sales_order set note = 'shipped' where tenant_id = $1`;
  await companies.database.asSuperuser(doubled, [tenant.id]);
  expect(await auditor.faultsOfLog(tenant.id, claims)).toContain('log: order shipped is unknown and there 3 times');
});

it('notices a mail that was lost, came twice for nothing, or is about something else', async () => {
  const isOfOrder = ({ subject }: { readonly subject: string }) => subject.startsWith('Order ');
  const [first, second, third] = companies.mail.taken.filter(isOfOrder);
  if (!first || !second || !third) throw new Error('three orders, three mails');
  const faults = await auditor.faultsOfMail(tenant.id, [
    first,
    first,
    { ...second, subject: 'Order SO-1999-000001 confirmed' },
    { ...third, messageId: `<${uuidv7()}@quoin.localhost>` },
    ...companies.mail.taken.filter((mail) => !isOfOrder(mail)),
  ]);
  expect(kindsOf(faults)).toEqual(['mail']);
  expect(faults).toHaveLength(4);
});

it('notices a payment that was taken twice, not at all, or that nobody asked for', async () => {
  const [paid, twice, refused] = [uuidv7(), uuidv7(), uuidv7()];
  const payments = [
    { id: paid, status: 'captured', captured: 500 },
    { id: twice, status: 'captured', captured: 500 },
    { id: refused, status: 'failed', captured: 0 },
  ];
  const charge = (reference: string, amountCaptured = 500, operation = 'charge.created'): SandboxOperation => ({
    operation,
    charge: { id: 'ch_1', reference, status: 'captured', amountCaptured },
  });
  const right = [charge(paid, 0), charge(paid, 500, 'charge.settled'), charge(twice)];
  expect(faultsOfMoney(payments, right)).toEqual([]);
  expect(faultsOfMoney(payments, [charge(paid), charge(twice), charge(twice)])).toHaveLength(1);
  expect(faultsOfMoney(payments, [charge(paid)])).toHaveLength(1);
  expect(faultsOfMoney(payments, [...right, charge(refused)])).toHaveLength(1);
  expect(faultsOfMoney(payments, [...right, charge('nobody')])).toHaveLength(1);
});

it('notices that more was promised than there is when nobody locks the stock and its row may lie', async () => {
  const { tenant: busy } = await companies.company();
  await companies.rush(busy, 8);
  await companies.deliver(busy);
  expect(await auditor.faultsOfOrders(busy.id)).toEqual([]);

  await companies.database.asOwner('alter table stock_level drop constraint stock_level_reserved_check');
  await withoutRowLocks(() => companies.rush(busy, 8));
  await companies.deliver(busy);
  const kinds = kindsOf(await auditor.faultsOfOrders(busy.id));
  expect(kinds).toEqual(expect.arrayContaining(['stock.promises', 'books: inventory.level.reserved']));
});

/** SQL that writes one row of a table a second time, under a new id and with what a key may not repeat changed. */
function twice(table: string, where: string): string {
  const columns = { id: uuidv7(), number: `INV-${uuidv7()}`, sequence: 9_999, event_id: null };
  return `insert into ${table}
    select (jsonb_populate_record(row, jsonb_strip_nulls('${JSON.stringify(columns)}'))).*
    from ${table} as row where tenant_id = current_setting('app.tenant_id')::uuid and ${where} limit 1`;
}

/** Ruins the books as one whom no constraint, policy or trigger holds back; what is found; all is undone again. */
async function faultsAfter(ruin: string): Promise<(string | undefined)[]> {
  const url = new URL(testStack().postgres.superuser);
  url.pathname = `/${companies.database.options.tenant.database}`;
  const client = new pg.Client(url.href);
  await client.connect();
  try {
    await client.query(`begin; set local session_replication_role = replica; set local app.tenant_id = '${tenant.id}'`);
    await client.query(DROP_GUARDS);
    await client.query(ruin);
    const { rows } = await client.query<{ code: string }>(asked([...ALWAYS, ...LIVE]), [tenant.id]);
    return kindsOf(rows.map(({ code }) => code));
  } finally {
    await client.end();
  }
}

/** Checks, and keys that nothing refers to, of the tables that are to be ruined. */
const DROP_GUARDS = `
  do $$ declare guard record;
  begin
    for guard in
      select conrelid::regclass as on, conname from pg_constraint c where contype in ('c', 'u')
        and conrelid = any('{stock_level,sales_order_line,invoice,credit_note,journal_entry,payment,email_message,
          platform.delivery,platform.outbox_event}'::regclass[])
        and not exists (select from pg_constraint f where f.contype = 'f' and f.conindid = c.conindid and c.conindid <> 0)
    loop
      execute format('alter table %s drop constraint %I', guard.on, guard.conname);
    end loop;
  end $$`;

/** Runs `work` while no statement of this process locks the rows that it reads. */
async function withoutRowLocks(work: () => Promise<unknown>): Promise<void> {
  const prototype = pg.Client.prototype as unknown as { query: (...args: unknown[]) => unknown };
  const { query } = prototype;
  prototype.query = function (this: unknown, ...[statement, ...rest]: unknown[]) {
    return Reflect.apply(query, this, [unlocked(statement), ...rest]);
  };
  try {
    await work();
  } finally {
    prototype.query = query;
  }
}

/** The statement, plain or prepared, without its row locks. */
function unlocked(statement: unknown): unknown {
  const strip = (sql: string) => sql.replaceAll(/\bfor (no key )?update\b/gi, '');
  if (typeof statement === 'string') return strip(statement);
  const prepared = statement as { name?: string; text?: string; submit?: unknown };
  if (prepared.submit !== undefined || prepared.text === undefined) return statement;
  return { ...prepared, name: prepared.name && `${prepared.name}-unlocked`, text: strip(prepared.text) };
}
