import { halfEvenSql } from '../rounding.js';
import type { BooksQuestion } from './books-questions.js';

/** What orders say was invoiced and credited is what their invoices and credit notes have. */
export const orderQuantities: BooksQuestion = () => `
  select 'reporting.order_line.billed' as code, o.number || ' line ' || l.line_no as subject,
    o.number || ' line ' || l.line_no || ': ' || l.invoiced || ' invoiced and ' || l.credited || ' credited, its documents have '
      || coalesce(i.quantity, 0) || ' and ' || coalesce(i.credited, 0) || '.' as message
  from sales_order_line l
  join sales_order o on o.tenant_id = l.tenant_id and o.id = l.order_id
  left join (
    select il.order_line_id, sum(il.quantity) as quantity, sum(c.quantity) as credited
    from invoice_line il
    left join (
      select invoice_line_id, sum(quantity) as quantity from credit_note_line where tenant_id = $1 group by invoice_line_id
    ) c on c.invoice_line_id = il.id
    where il.tenant_id = $1 group by il.order_line_id
  ) i on i.order_line_id = l.id
  where l.tenant_id = $1 and (l.invoiced <> coalesce(i.quantity, 0) or l.credited <> coalesce(i.credited, 0))`;

/** A confirmed order is billed for what is not cancelled of it, and for no more, unless its billing is under way. */
export const billedOrders: BooksQuestion = () => `
  select 'reporting.order.billing' as code, o.number as subject,
    'Order ' || o.number || ' is confirmed for ' || sum(l.ordered - l.cancelled) || ' units; ' || sum(l.invoiced)
      || ' are invoiced and ' || sum(l.credited) || ' credited.' as message
  from sales_order o
  join sales_order_line l on l.tenant_id = o.tenant_id and l.order_id = o.id
  where o.tenant_id = $1 and o.confirmed_at is not null
    and o.id not in (
      select aggregate_id from platform.delivery
      where tenant_id = $1 and completed_at is null and state <> 'dead' and consumer = 'invoicing.order-billing')
  group by o.number
  having bool_or(l.invoiced = 0 and l.ordered > l.cancelled or l.invoiced - l.credited > l.ordered - l.cancelled)`;

/** A line of an invoice is quantity × unit price, and bills what was ordered at the price that was agreed. */
export const invoiceLines: BooksQuestion = ({ perMinor }) => `
  select 'reporting.invoice_line.amount' as code, i.number || ' line ' || l.line_no as subject,
    i.number || ' line ' || l.line_no || ': ' || l.quantity || ' × ' || l.sku || ' at ' || l.unit_price_e4 * 0.0001
      || ' cannot be ' || l.amount_minor || ' minor units'
      || case when (o.sku, o.unit_price_e4) is distinct from (l.sku, l.unit_price_e4)
        then '; ordered was ' || coalesce(o.sku || ' at ' || o.unit_price_e4 * 0.0001, 'nothing') else '' end || '.' as message
  from invoice_line l
  join invoice i on i.tenant_id = l.tenant_id and i.id = l.invoice_id
  left join sales_order_line o on o.tenant_id = l.tenant_id and o.id = l.order_line_id
  where l.tenant_id = $1 and (l.amount_minor <> ${halfEvenSql('(l.quantity::numeric * l.unit_price_e4)', perMinor)}
    or l.order_line_id is not null and (o.sku, o.unit_price_e4) is distinct from (l.sku, l.unit_price_e4))`;

/** A line of a credit note credits what was invoiced at its price; without an invoice it is quantity × unit price. */
export const creditNoteLines: BooksQuestion = ({ perMinor }) => `
  select 'reporting.credit_note_line.amount' as code, n.number || ' line ' || l.line_no as subject,
    n.number || ' line ' || l.line_no || ': ' || l.quantity || ' × ' || l.sku || ' at ' || l.unit_price_e4 * 0.0001 || ' is '
      || l.amount_minor || ' minor units'
      || case when o.id is null then ', which is not that' else ', invoiced was ' || o.sku || ' at ' || o.unit_price_e4 * 0.0001 end
      || '.' as message
  from credit_note_line l
  join credit_note n on n.tenant_id = l.tenant_id and n.id = l.credit_note_id
  left join invoice_line o on o.tenant_id = l.tenant_id and o.id = l.invoice_line_id
  where l.tenant_id = $1 and case when l.invoice_line_id is null
    then l.amount_minor <> ${halfEvenSql('(l.quantity::numeric * l.unit_price_e4)', perMinor)}
    else (o.sku, o.unit_price_e4) is distinct from (l.sku, l.unit_price_e4) end`;

/** What left on shipments and came back on credit notes is what moved in stock, in units and, for shipments, in cost. */
export const goodsMoved: BooksQuestion = () => `
  select 'reporting.goods.' || type as code, coalesce(max(number), document_id::text) as subject,
    coalesce(max(number), document_id::text) || ': ' || sum(units) || ' units for ' || sum(cost) || ' on the document, '
      || sum(moved) || ' for ' || sum(moved_cost) || ' moved in stock (minor units).' as message
  from (
    select 'shipped' as type, s.id as document_id, s.number, l.quantity as units, l.cost_minor as cost,
      0::bigint as moved, 0::bigint as moved_cost
    from sales_shipment s
    join sales_shipment_line l on l.tenant_id = s.tenant_id and l.shipment_id = s.id
    join sales_order_line o on o.tenant_id = l.tenant_id and o.id = l.order_line_id
    where s.tenant_id = $1 and o.kind = 'goods'
    union all
    select 'returned', n.id, n.number, l.quantity, 0, 0, 0
    from credit_note n join credit_note_line l on l.tenant_id = n.tenant_id and l.credit_note_id = n.id
    where n.tenant_id = $1 and l.goods_returned
    union all
    select case document_type when 'sales_shipment' then 'shipped' else 'returned' end, document_id, null, 0, 0,
      abs(quantity), case document_type when 'sales_shipment' then -value_minor else 0 end
    from stock_movement where tenant_id = $1 and document_type in ('sales_shipment', 'sales_return')
  ) row
  group by type, document_id having sum(units) <> sum(moved) or sum(cost) <> sum(moved_cost)`;
