/** What is open and not reserved of a line of goods `l`. */
const WAITING = `l.kind = 'goods' and l.reserved + l.shipped + l.cancelled < l.ordered`;

const COLUMNS = `o.id as order_id, o.warehouse_id, l.id as line_id, l.product_id,
    l.ordered - l.cancelled - l.shipped - l.reserved as open_quantity`;

/** $1 tenant, $2 order ids. Confirmed orders, oldest first; one row a waiting line, or one without a line. */
export const DEMANDS_OF_ORDERS = `
  select ${COLUMNS}
  from sales_order o
  left join sales_order_line l on l.tenant_id = o.tenant_id and l.order_id = o.id and ${WAITING}
  where o.tenant_id = $1 and o.id = any($2) and o.confirmed_at is not null
  order by o.confirmed_at, o.id, l.line_no`;

/** $1 tenant, $2 product ids, $3 warehouse, $4 how many orders at most. Confirmed first comes first. */
export const DEMANDS_OF_PRODUCTS = `
  with oldest as (
    select o.tenant_id, o.id, o.warehouse_id, o.confirmed_at
    from sales_order o
    where o.tenant_id = $1 and o.warehouse_id = $3 and o.status in ('confirmed', 'backordered', 'partly_shipped')
      and exists (
        select from sales_order_line l
        where l.tenant_id = o.tenant_id and l.order_id = o.id and l.product_id = any($2) and ${WAITING})
    order by o.confirmed_at, o.id
    limit $4
  )
  select ${COLUMNS}
  from oldest o
  join sales_order_line l on l.tenant_id = o.tenant_id and l.order_id = o.id and l.product_id = any($2) and ${WAITING}
  order by o.confirmed_at, o.id, l.line_no`;

/**
 * $1 tenant, $2 JSON array of { orderId, lineId, quantity }, $3 the order ids. Changes what is reserved and gives all
 * lines of these orders as they are then: the statement's snapshot still has the others right.
 */
export const CHANGE_RESERVED = `
  with change as (
    select * from jsonb_to_recordset($2::jsonb) as c ("orderId" uuid, "lineId" uuid, quantity integer)
  ), changed as (
    update sales_order_line l set reserved = l.reserved + c.quantity
    from change c
    where l.tenant_id = $1 and l.id = c."lineId" and l.order_id = c."orderId" and c.quantity <> 0
    returning l.id, l.order_id, l.kind, l.ordered, l.reserved, l.shipped, l.cancelled, l.invoiced, l.credited, l.returned
  )
  select * from changed
  union all
  select l.id, l.order_id, l.kind, l.ordered, l.reserved, l.shipped, l.cancelled, l.invoiced, l.credited, l.returned
  from sales_order_line l
  where l.tenant_id = $1 and l.order_id = any($3)
    and not exists (select from changed c where c.id = l.id)`;

/** $1 tenant, $2 JSON array of { orderId, status, touched }, $3 when. Leaves orders alone that are as they were. */
export const CHANGE_STATUS = `
  update sales_order o
  set status = c.status, reservation_attempted_at = coalesce(o.reservation_attempted_at, $3),
    version = o.version + 1, updated_at = now()
  from jsonb_to_recordset($2::jsonb) as c ("orderId" uuid, status text, touched boolean)
  where o.tenant_id = $1 and o.id = c."orderId"
    and (c.touched or o.status <> c.status or o.reservation_attempted_at is null)`;

/** $1 tenant. Σ reserved by product and warehouse. */
export const RESERVED_TOTALS = `
  select l.product_id, o.warehouse_id, sum(l.reserved)::bigint as reserved
  from sales_order_line l
  join sales_order o on o.tenant_id = l.tenant_id and o.id = l.order_id
  where l.tenant_id = $1 and l.reserved > 0
  group by l.product_id, o.warehouse_id`;
