/**
 * Trade, line by line, from the rows of the books: lines of invoices, of credit notes (negative), of imported adjustments
 * (sales at price 0 in their source) and bad debts. What was imported has the number, customer, country and local time
 * of its source; the rest has its own number, the buyer and the time of issue. `$1` tenant, `$2` its time zone.
 *
 * Columns: document, kind (sale, cancellation, bad_debt), sku, quantity (signed), unit_price_e4, at (local time), customer
 * (null for cash customers), country.
 */
export const TRADE_LINES = `
  select coalesce(d.id, i.id) as document, 'sale' as kind, l.sku, l.quantity::bigint as quantity, l.unit_price_e4,
    ${time('i')} as at, ${customer()} as customer, ${country('i')} as country
  from invoice_line l
  join invoice i on i.tenant_id = l.tenant_id and i.id = l.invoice_id
  ${sourceOf('invoice', 'i')}
  where l.tenant_id = $1
  union all
  select coalesce(d.id, n.id), 'cancellation', l.sku, -l.quantity::bigint, l.unit_price_e4,
    ${time('n')}, ${customer()}, ${country('n')}
  from credit_note_line l
  join credit_note n on n.tenant_id = l.tenant_id and n.id = l.credit_note_id
  ${sourceOf('credit_note', 'n')}
  where l.tenant_id = $1
  union all
  select d.id, d.kind, s.sku, coalesce(l.quantity, s.quantity)::bigint, case when l.id is null then s.unit_price_e4 else 0 end,
    s.occurred_at, s.customer, s.country
  from imported_document d
  join imported_line s on s.tenant_id = d.tenant_id and s.document_id = d.id
  left join stock_adjustment_line l on l.tenant_id = s.tenant_id and l.id = s.effect_line_id
  where d.tenant_id = $1 and d.effect in ('stock_adjustment', 'none')
  union all
  select d.id, d.kind, s.sku, s.quantity::bigint, s.unit_price_e4, s.occurred_at, s.customer, s.country
  from imported_document d
  join imported_line s on s.tenant_id = d.tenant_id and s.document_id = d.id
  join journal_entry e on e.tenant_id = d.tenant_id and e.source_type = 'bad_debt' and e.source_id = d.effect_id
  where d.tenant_id = $1 and d.effect = 'journal_entry'`;

/** The source document and line of a line `l` of the document `alias`, where it was imported, and its customer. */
function sourceOf(effect: 'invoice' | 'credit_note', alias: string): string {
  return `
  join customer c on c.tenant_id = ${alias}.tenant_id and c.id = ${alias}.customer_id
  left join imported_document d on d.tenant_id = ${alias}.tenant_id and d.effect = '${effect}' and d.effect_id = ${alias}.id
  left join imported_line s on s.tenant_id = d.tenant_id and s.document_id = d.id and s.effect_line_id = l.id`;
}

function time(alias: string): string {
  return `coalesce(s.occurred_at, ${alias}.issued_on + (${alias}.issued_at at time zone $2)::time)`;
}

// A customer of an import is known by the source's number on later documents too; its cash customers are none.
function customer(): string {
  return `case when d.id is not null then s.customer when c.external_ref like 'cash:%' then null
      else coalesce(c.external_ref, c.number) end`;
}

function country(alias: string): string {
  return `coalesce(s.country, ${alias}.buyer ->> 'country', '')`;
}
