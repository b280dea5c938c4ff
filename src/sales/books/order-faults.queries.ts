import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import type { BooksFault } from '#libs/kernel';
import type { LineQuantities } from '../orders/line-quantities.js';
import { deriveStatus, type SalesOrderStatus } from '../orders/sales-order.status.js';

/** Faults that one question gives at most: the first ones name the trouble. */
export const FAULTS_MAX = 100;

const ORDERS_A_PAGE = 1_000;

/** $1 tenant, $2 id of the last order seen. */
const STATUSES = `
  select o.id, o.number, o.status, o.confirmed_at is not null as confirmed,
    o.reservation_attempted_at is not null as attempted, l.lines
  from (
    select * from sales_order where tenant_id = $1 and ($2::uuid is null or id > $2) order by id limit ${ORDERS_A_PAGE}
  ) o
  cross join lateral (
    select coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'ordered', ordered, 'reserved', reserved,
      'shipped', shipped, 'cancelled', cancelled, 'invoiced', invoiced, 'credited', credited, 'returned', returned)), '[]')
      as lines
    from sales_order_line l where l.tenant_id = o.tenant_id and l.order_id = o.id
  ) l
  order by o.id`;

/** Each gives subject, found and expected; $1 tenant. */
const QUESTIONS: readonly { readonly code: string; readonly what: string; readonly sql: string }[] = [
  {
    code: 'sales.line.quantities',
    what: 'quantities out of bounds (ordered)',
    sql: `
      select id::text as subject, concat_ws('/', reserved, shipped, cancelled, invoiced, credited, returned) as found,
        ordered::text as expected
      from sales_order_line
      where tenant_id = $1 and not (least(reserved, shipped, cancelled, credited, returned) >= 0 and ordered > 0
        and reserved + shipped + cancelled <= ordered and credited <= invoiced and invoiced <= ordered
        and returned <= shipped and (kind = 'goods' or reserved = 0))`,
  },
  {
    code: 'sales.line.shipped',
    what: 'units shipped and returned, by its shipments',
    sql: `
      select l.id::text as subject, l.shipped || '/' || l.returned as found,
        coalesce(s.quantity, 0) || '/' || coalesce(s.returned, 0) as expected
      from sales_order_line l
      left join (
        select order_line_id, sum(quantity) as quantity, sum(returned) as returned
        from sales_shipment_line where tenant_id = $1 group by order_line_id
      ) s on s.order_line_id = l.id
      where l.tenant_id = $1 and (l.shipped <> coalesce(s.quantity, 0) or l.returned <> coalesce(s.returned, 0))`,
  },
  {
    code: 'sales.order.total',
    what: 'minor units of its lines in the price mode, by its lines',
    sql: `
      select o.number as subject, case o.price_mode when 'net' then o.net_minor else o.total_minor end::text as found,
        coalesce(l.amount_minor, 0)::text as expected
      from sales_order o
      left join (
        select order_id, sum(amount_minor) as amount_minor from sales_order_line where tenant_id = $1 group by order_id
      ) l on l.order_id = o.id
      where o.tenant_id = $1
        and case o.price_mode when 'net' then o.net_minor else o.total_minor end <> coalesce(l.amount_minor, 0)`,
  },
  {
    code: 'sales.order.numbers',
    what: 'orders of the year, by the highest number',
    sql: `
      select left(number, 7) as subject, count(*)::text as found, max(substring(number from 9)::bigint)::text as expected
      from sales_order where tenant_id = $1
      group by 1 having count(*) <> max(substring(number from 9)::bigint)`,
  },
  {
    code: 'sales.stock.reserved',
    what: 'units reserved by order lines, by the stock level',
    sql: `
      select coalesce(l.product_id, s.product_id) || ' ' || coalesce(l.warehouse_id, s.warehouse_id) as subject,
        coalesce(l.reserved, 0)::text as found, coalesce(s.reserved, 0)::text as expected
      from (
        select l.product_id, o.warehouse_id, sum(l.reserved) as reserved
        from sales_order_line l join sales_order o on o.tenant_id = l.tenant_id and o.id = l.order_id
        where l.tenant_id = $1 and l.reserved > 0 group by 1, 2
      ) l
      full join (select * from stock_level where tenant_id = $1 and reserved > 0) s
        on s.product_id = l.product_id and s.warehouse_id = l.warehouse_id
      where coalesce(l.reserved, 0) <> coalesce(s.reserved, 0)`,
  },
];

interface StatusRow {
  readonly id: string;
  readonly number: string;
  readonly status: SalesOrderStatus;
  readonly confirmed: boolean;
  readonly attempted: boolean;
  readonly lines: LineQuantities[];
}

interface AnswerRow {
  readonly subject: string;
  readonly found: string;
  readonly expected: string;
}

/** Where the rows of orders contradict each other, for the current tenant. */
@Injectable()
export class OrderFaults {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Orders whose status is not what their lines say. Reads all orders, a page at a time. */
  async ofStatuses(): Promise<BooksFault[]> {
    const faults: BooksFault[] = [];
    let last: string | null = null;
    while (faults.length < FAULTS_MAX) {
      const page: StatusRow[] = await this.unitOfWork.query<StatusRow>(STATUSES, [currentTenant().id, last]);
      for (const row of page) faults.push(...statusFault(row));
      const end = page.at(-1);
      if (!end || page.length < ORDERS_A_PAGE) break;
      last = end.id;
    }
    return faults.slice(0, FAULTS_MAX);
  }

  /** What sums of rows contradict. */
  async ofSums(): Promise<BooksFault[]> {
    const faults: BooksFault[] = [];
    for (const { code, what, sql } of QUESTIONS) {
      const limited = `${sql} order by 1 limit ${FAULTS_MAX}`;
      const rows = await this.unitOfWork.query<AnswerRow>(limited, [currentTenant().id]);
      faults.push(
        ...rows.map(({ subject, found, expected }) => ({
          code,
          message: `${subject}: ${found} ${what} ${expected}.`,
          subject,
        })),
      );
    }
    return faults;
  }
}

function statusFault({ id, number, status, confirmed, attempted, lines }: StatusRow): BooksFault[] {
  const derived = deriveStatus({ confirmed, reservationAttempted: attempted, lines });
  if (derived === status) return [];
  const message = `Order ${number} is stored as ${status}, its lines make it ${derived}.`;
  return [{ code: 'sales.order.status', message, subject: id }];
}
