import { halfEvenSql } from '../rounding.js';
import type { BooksQuestion } from './books-questions.js';

/** Postings that will still come: deliveries to accounting that are neither done nor dead. Under the names of the journal. */
const UNDER_WAY = `
  select case e.type
      when 'invoicing.invoice.issued' then 'invoice'
      when 'invoicing.credit_note.issued' then 'credit_note'
      when 'inventory.stock.moved' then 'stock_' || (e.payload ->> 'documentType')
      when 'payments.payment.captured' then 'payment'
      when 'payments.refund.succeeded' then 'refund'
    end as source_type, e.aggregate_id as source_id, (e.payload ->> 'valueMinor')::numeric as value_minor
  from platform.delivery v
  join platform.outbox_event e on e.tenant_id = v.tenant_id and e.id = v.event_id
  where v.tenant_id = $1 and v.completed_at is null and v.state <> 'dead' and v.consumer like 'accounting.%'`;

const SALES_DOCUMENTS = (['invoice', 'credit_note'] as const).map((table) => {
  const sign = table === 'invoice' ? '' : '-';
  return `
  select '${table}', d.id, d.number, d.issued_on, leg.account, ${sign}leg.amount
  from ${table} d
  cross join lateral (values ('receivable', d.total_minor), ('revenue', -d.net_minor), ('tax_payable', -d.tax_minor))
    leg (account, amount)
  where d.tenant_id = $1`;
});

// What a return re-enters at is posted step by step; here it is the sum of its steps.
const STOCK_DOCUMENTS = `
  select 'stock_' || d.kind, d.document_id, d.document_id::text, d.business_date, leg.account, leg.amount
  from (
    select kind, document_id, min(business_date) as business_date, sum(value_minor) as value
    from stock_movement where tenant_id = $1 group by kind, document_id
  ) d
  cross join lateral (values ('inventory', d.value), (case
      when d.kind = 'opening' then 'equity_opening'
      when d.kind = 'receipt' then 'goods_received'
      when d.kind in ('shipment', 'return') then 'cogs'
      when d.value > 0 then 'stock_gain' else 'stock_loss' end, -d.value)) leg (account, amount)`;

const MONEY = `
  select 'payment', id, id::text, null::date, leg.account, leg.amount
  from payment cross join lateral (values ('bank', captured_minor), ('receivable', -captured_minor)) leg (account, amount)
  where tenant_id = $1 and status = 'captured'
  union all
  select 'refund', id, id::text, null, leg.account, leg.amount
  from refund cross join lateral (values ('bank', -amount_minor), ('receivable', amount_minor)) leg (account, amount)
  where tenant_id = $1 and status = 'succeeded'`;

/** Bad debts have no document but the one they were imported from. */
const badDebts = (perMinor: string): string => `
  select 'bad_debt', d.effect_id, d.document, d.occurred_on, leg.account, leg.amount
  from (
    select d.effect_id, d.document, min(l.occurred_at)::date as occurred_on,
      sum(${halfEvenSql('(l.quantity::numeric * l.unit_price_e4)', perMinor)}) as value
    from imported_document d
    join imported_line l on l.tenant_id = d.tenant_id and l.document_id = d.id
    where d.tenant_id = $1 and d.effect = 'journal_entry' group by d.effect_id, d.document
  ) d
  cross join lateral (values ('bad_debt', -d.value), ('receivable', d.value)) leg (account, amount)`;

// Returns are posted under the event that told of them, since a credit note may take goods back in several steps.
const ENTRIES = `
  select e.source_type, coalesce(v.aggregate_id, e.source_id) as source_id, e.entry_date,
    coalesce(a.role, a.code, '?') as account, coalesce(l.amount_minor, 0) as amount
  from journal_entry e
  left join platform.outbox_event v
    on e.source_type = 'stock_return' and v.tenant_id = e.tenant_id and v.id = e.source_id
  left join journal_line l on l.tenant_id = e.tenant_id and l.entry_id = e.id
  left join account a on a.tenant_id = l.tenant_id and a.id = l.account_id
  where e.tenant_id = $1 and e.source_type <> 'manual'`;

/** Every document has its entry, every entry its document, and they say the same. */
export const documentsAndEntries: BooksQuestion = ({ perMinor }) => `
  with document (source_type, source_id, subject, on_date, account, amount) as (
    ${[...SALES_DOCUMENTS, STOCK_DOCUMENTS, MONEY, badDebts(perMinor)].join(' union all ')}
  ), account_of_source as (
    select source_type, source_id, account, max(subject) as subject, min(document_on) as document_on,
      min(entry_on) as entry_on, max(entry_on) as entry_last_on, sum(document_amount) as document_amount,
      sum(entry_amount) as entry_amount
    from (
      select source_type, source_id, account, subject, coalesce(on_date, 'infinity') as document_on, null::date as entry_on,
        amount as document_amount, 0 as entry_amount from document
      union all
      select source_type, source_id, account, null, null, entry_date, 0, amount from (${ENTRIES}) entry
    ) row group by source_type, source_id, account
  ), source as (
    select source_type, source_id, coalesce(max(subject), source_id::text) as subject, min(document_on) as document_on,
      min(entry_on) as entry_on, max(entry_last_on) as entry_last_on,
      bool_or(document_amount <> entry_amount) as differs,
      string_agg(account || ' ' || entry_amount || ' posted, ' || document_amount || ' on the document', '; ' order by account)
        filter (where document_amount <> entry_amount) as differences
    from account_of_source group by source_type, source_id
  )
  select case
      when document_on is null then 'reporting.entry.without_document'
      when not differs then 'reporting.entry.date'
      when entry_on is null then 'reporting.document.without_entry'
      else 'reporting.entry.amounts' end as code,
    source_type || ' ' || subject as subject,
    source_type || ' ' || subject || case
      when document_on is null then ' has an entry, but there is no such document.'
      when not differs then ' is of ' || document_on || ', its entry of ' || entry_on || '.'
      when entry_on is null then ' has no entry in the journal: ' || differences || ' (minor units).'
      else ' and its entry differ: ' || differences || ' (minor units).' end as message
  from source
  where (document_on is null or differs
      or (document_on < 'infinity' and (entry_on <> document_on or entry_last_on <> document_on)))
    and (source_type, source_id) not in (select source_type, source_id from (${UNDER_WAY}) u where source_type is not null)`;

/** Σ values of the levels = balance of the inventory account, postings under way counted in. */
export const inventoryAccount: BooksQuestion = () => `
  select 'reporting.inventory_account' as code, 'inventory account' as subject,
    'Stock is worth ' || stock || ', the inventory account ' || posted || ' and what is still to be posted ' || under_way
      || ' (minor units).' as message
  from (
    select
      (select coalesce(sum(value_minor), 0) from stock_level where tenant_id = $1) as stock,
      (select coalesce(sum(l.amount_minor), 0) from journal_line l
        join account a on a.tenant_id = l.tenant_id and a.id = l.account_id
        where l.tenant_id = $1 and a.role = 'inventory') as posted,
      (select coalesce(sum(value_minor), 0) from (${UNDER_WAY}) u where source_type like 'stock\\_%') as under_way
  ) figures
  where stock <> posted + under_way`;
