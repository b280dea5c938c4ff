/** A question to the rows of one tenant ($1); every row of the answer, `subject` and `found`, is a fault. */
export interface Question {
  readonly code: string;
  readonly sql: string;
}

/** Who must hear of what, written down here a second time: a subscription that is lost by accident is noticed. */
const LISTENERS = `(values
  ('sales.order.confirmed', 'inventory.stock-reservation'),
  ('sales.order.confirmed', 'invoicing.order-billing'),
  ('sales.order.confirmed', 'notifications.order-confirmation'),
  ('sales.order.cancelled', 'invoicing.order-billing'),
  ('inventory.stock.moved', 'accounting.stock-posting'),
  ('invoicing.invoice.issued', 'accounting.invoice-posting'),
  ('invoicing.invoice.issued', 'invoicing.pdf'),
  ('payments.payment.requested', 'payments.provider'),
  ('payments.payment.captured', 'accounting.payment-posting'),
  ('invoicing.credit_note.issued', 'accounting.invoice-posting'),
  ('invoicing.credit_note.issued', 'invoicing.pdf')) as listener (type, consumer)`;

const DOCUMENTS = `(
  select 'invoice' as kind, id, number, total_minor, 1 as sign from invoice where tenant_id = $1
  union all select 'credit_note', id, number, total_minor, -1 from credit_note where tenant_id = $1) as document`;

/** Σ of an entry's lines on the account of a role. */
const legOn = (role: string, entry: string) => `(
  select coalesce(sum(l.amount_minor), 0) from journal_line l
  join account a on a.tenant_id = l.tenant_id and a.id = l.account_id and a.role = '${role}'
  where l.tenant_id = $1 and l.entry_id = ${entry})`;

const gaps = (table: string, series: string, sequence: string): string => `
  select (${series})::text as subject, count(*) || ' numbers from ' || min(${sequence}) || ' to ' || max(${sequence}) as found
  from ${table} where tenant_id = $1 group by 1
  having min(${sequence}) <> 1 or max(${sequence}) <> count(*) or count(distinct ${sequence}) <> count(*)`;

/** True of every tenant's books when it is quiet, however they came about. */
export const ALWAYS: readonly Question[] = [
  {
    code: 'stock.oversold',
    sql: `select product_id::text as subject, on_hand || ' on hand, ' || reserved || ' reserved' as found from stock_level
      where tenant_id = $1 and (on_hand < 0 or reserved < 0 or reserved > on_hand)`,
  },
  {
    code: 'stock.promises',
    sql: `select product_id::text as subject, promised || ' promised to orders, ' || reserved || ' reserved' as found
      from stock_level s, lateral (
        select coalesce(sum(l.reserved), 0) as promised from sales_order_line l
        join sales_order o on o.tenant_id = l.tenant_id and o.id = l.order_id and o.warehouse_id = s.warehouse_id
        where l.tenant_id = s.tenant_id and l.product_id = s.product_id) as orders
      where tenant_id = $1 and promised <> reserved`,
  },
  {
    code: 'stock.movements',
    sql: `select product_id::text as subject, on_hand || ' on hand, ' || moved || ' moved' as found
      from stock_level s, lateral (
        select coalesce(sum(quantity), 0) as moved, coalesce(sum(value_minor), 0) as value from stock_movement m
        where m.tenant_id = s.tenant_id and m.product_id = s.product_id and m.warehouse_id = s.warehouse_id) as movements
      where tenant_id = $1 and (moved <> on_hand or value <> value_minor)`,
  },
  {
    code: 'stock.idle',
    sql: `select s.product_id::text as subject, s.on_hand - s.reserved || ' are free and orders wait' as found
      from stock_level s where tenant_id = $1 and on_hand > reserved and exists (
        select from sales_order_line l
        join sales_order o on o.tenant_id = l.tenant_id and o.id = l.order_id and o.warehouse_id = s.warehouse_id
        where l.tenant_id = s.tenant_id and l.product_id = s.product_id and l.kind = 'goods'
          and o.confirmed_at is not null and l.ordered > l.cancelled + l.shipped + l.reserved)`,
  },
  {
    code: 'events.unfinished',
    sql: `select id::text as subject, consumer || ' ' || state || ' after ' || attempts || ' attempts: ' || coalesce(last_error, '') as found
      from platform.delivery where tenant_id = $1 and state <> 'done'`,
  },
  {
    code: 'events.unheard',
    sql: `select e.id::text as subject, e.type || ' for ' || listener.consumer || ': ' || count(d.id) || ' deliveries' as found
      from platform.outbox_event e join ${LISTENERS} on listener.type = e.type
      left join platform.delivery d on d.tenant_id = e.tenant_id and d.event_id = e.id and d.consumer = listener.consumer
      where e.tenant_id = $1 group by e.id, e.type, listener.consumer having count(d.id) <> 1`,
  },
  { code: 'events.gap', sql: gaps('platform.outbox_event', `aggregate_type || ' ' || aggregate_id`, 'sequence') },
  {
    code: 'orders.event',
    sql: `select o.number as subject, count(e.id) || ' confirmations' as found from sales_order o
      left join platform.outbox_event e
        on e.tenant_id = o.tenant_id and e.aggregate_id = o.id and e.type = 'sales.order.confirmed'
      where o.tenant_id = $1 and o.confirmed_at is not null group by o.number having count(e.id) <> 1`,
  },
  {
    code: 'documents.entry',
    sql: `select document.number as subject, count(e.id) || ' entries' as found from ${DOCUMENTS}
      left join journal_entry e on e.tenant_id = $1 and e.source_type = document.kind and e.source_id = document.id
      where document.total_minor <> 0 group by document.number having count(e.id) <> 1`,
  },
  {
    code: 'documents.receivable',
    sql: `select document.number as subject, document.total_minor || ' in the document' as found from ${DOCUMENTS}
      join journal_entry e on e.tenant_id = $1 and e.source_type = document.kind and e.source_id = document.id
      where ${legOn('receivable', 'e.id')} <> document.sign * document.total_minor`,
  },
  {
    code: 'stock.entry',
    sql: `select e.id::text as subject, count(j.id) || ' entries of a stock document worth ' || (e.payload ->> 'valueMinor') as found
      from platform.outbox_event e
      left join journal_entry j on j.tenant_id = e.tenant_id and j.source_type = 'stock_' || (e.payload ->> 'documentType')
        and j.source_id in (e.id, (e.payload ->> 'documentId')::uuid)
        and ${legOn('inventory', 'j.id')} = (e.payload ->> 'valueMinor')::bigint
      where e.tenant_id = $1 and e.type = 'inventory.stock.moved' and e.payload ->> 'valueMinor' <> '0'
      group by e.id, e.payload having count(j.id) <> 1`,
  },
  {
    code: 'stock.account',
    sql: `select 'inventory' as subject, levels || ' on the levels, ' || books || ' on the account' as found from
      (select coalesce(sum(value_minor), 0) as levels from stock_level where tenant_id = $1) as stock,
      (select coalesce(sum(l.amount_minor), 0) as books from journal_line l
        join account a on a.tenant_id = l.tenant_id and a.id = l.account_id
        where l.tenant_id = $1 and a.role = 'inventory') as ledger where levels <> books`,
  },
  { code: 'numbers.invoice', sql: gaps('invoice', 'year', 'sequence') },
  { code: 'numbers.credit_note', sql: gaps('credit_note', 'year', 'sequence') },
  { code: 'numbers.order', sql: gaps('sales_order', 'left(number, 8)', 'right(number, 6)::int') },
];

/** True in addition of orders that customers placed: an import bills inline, mails nobody and makes no PDF. */
export const LIVE: readonly Question[] = [
  {
    code: 'orders.invoice',
    sql: `select o.number as subject, count(i.id) || ' invoices' as found from sales_order o
      left join invoice i on i.tenant_id = o.tenant_id and i.order_id = o.id
      where o.tenant_id = $1 and o.confirmed_at is not null and exists (
        select from sales_order_line l where l.tenant_id = o.tenant_id and l.order_id = o.id and l.cancelled < l.ordered)
      group by o.number having count(i.id) <> 1`,
  },
  {
    code: 'orders.billed',
    sql: `select o.number as subject, l.invoiced || ' invoiced, ' || l.credited || ' credited, ' || l.cancelled
        || ' cancelled of ' || l.ordered as found
      from sales_order_line l join sales_order o on o.tenant_id = l.tenant_id and o.id = l.order_id
      where l.tenant_id = $1 and o.confirmed_at is not null and l.invoiced - l.credited <> l.ordered - l.cancelled`,
  },
  {
    code: 'orders.mail',
    sql: `select o.number as subject, count(m.id) || ' mails' as found from sales_order o
      join platform.outbox_event e
        on e.tenant_id = o.tenant_id and e.aggregate_id = o.id and e.type = 'sales.order.confirmed'
      left join email_message m on m.tenant_id = o.tenant_id and m.event_id = e.id and m.status = 'sent'
      where o.tenant_id = $1 and o.customer_email is not null group by o.number having count(m.id) <> 1`,
  },
  {
    code: 'payments.unsettled',
    sql: `select id::text as subject, status as found from payment
      where tenant_id = $1 and status not in ('captured', 'failed')`,
  },
  {
    code: 'payments.entry',
    sql: `select p.id::text as subject, count(j.id) || ' entries for ' || p.captured_minor as found from payment p
      left join journal_entry j on j.tenant_id = p.tenant_id and j.source_type = 'payment' and j.source_id = p.id
        and ${legOn('receivable', 'j.id')} = -p.captured_minor
      where p.tenant_id = $1 and p.status = 'captured' group by p.id, p.captured_minor having count(j.id) <> 1`,
  },
  {
    code: 'documents.pdf',
    sql: `select number as subject, 'no PDF' as found from invoice where tenant_id = $1 and pdf_key is null
      union all select number, 'no PDF' from credit_note where tenant_id = $1 and pdf_key is null`,
  },
];

/** All questions in one statement; $1 is the tenant. Answers with `code`, `subject` and `found`. */
export function asked(questions: readonly Question[]): string {
  return questions
    .map(({ code, sql }) => `select '${code}' as code, subject, found from (${sql}) as q`)
    .join('\nunion all\n');
}
