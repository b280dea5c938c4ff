import { Injectable, type OnModuleInit } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { uuidv7 } from '#libs/kernel';
import {
  type ReservationChange,
  type ReservedTotal,
  type StockDemand,
  StockDemands,
  StockDemandSource,
} from '../stock/stock-demands.js';

const DEMANDS = `
  select o.id as "orderId", o.warehouse_id as "warehouseId",
    coalesce(jsonb_agg(jsonb_build_object('lineId', l.id, 'productId', l.product_id,
      'openQuantity', l.ordered - l.cancelled - l.shipped - l.reserved) order by l.line_no)
      filter (where l.ordered - l.cancelled - l.shipped - l.reserved > 0), '[]') as lines
  from fake_order o join fake_order_line l on l.order_id = o.id`;

/** One line of an order of the stand-in. */
export interface FakeOrderLine {
  readonly productId: string;
  readonly quantity: number;
}

/** A stand-in for sales on two tables of its own ({@link stockDemandFakeSchema}); registers itself. */
@Injectable()
export class FakeStockDemands extends StockDemands implements OnModuleInit {
  private confirmations = 0;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly source: StockDemandSource,
  ) {
    super();
  }

  onModuleInit(): void {
    this.source.register(this);
  }

  /** A confirmed order; each one is confirmed a second after the one before. */
  async order(warehouseId: string, lines: readonly FakeOrderLine[]): Promise<{ id: string; lineIds: string[] }> {
    const id = uuidv7();
    const lineIds = lines.map(() => uuidv7());
    const confirmedAt = new Date(Date.UTC(2026, 0, 1) + 1_000 * this.confirmations++);
    await this.unitOfWork.run(async () => {
      await this.unitOfWork.execute('insert into fake_order values ($1, $2, $3, $4)', [
        currentTenant().id,
        id,
        warehouseId,
        confirmedAt,
      ]);
      await this.unitOfWork.execute(
        `insert into fake_order_line (tenant_id, id, order_id, line_no, product_id, ordered)
         select $1, l.id, $2, l.n, l.product_id, l.ordered
         from unnest($3::uuid[], $4::uuid[], $5::integer[]) with ordinality as l (id, product_id, ordered, n)`,
        [currentTenant().id, id, lineIds, lines.map((line) => line.productId), lines.map((line) => line.quantity)],
      );
    });
    return { id, lineIds };
  }

  /** Moves units of a line from reserved to shipped or cancelled, as sales does in its own rows. */
  async settle(lineId: string, column: 'shipped' | 'cancelled', quantity: number, reserved = quantity): Promise<void> {
    await this.unitOfWork.execute(
      `update fake_order_line set ${column} = ${column} + $2, reserved = reserved - $3 where id = $1`,
      [lineId, quantity, reserved],
    );
  }

  /** Reserved units by line. */
  async reservedOf(lineIds: readonly string[]): Promise<number[]> {
    const rows = await this.unitOfWork.read(() =>
      this.unitOfWork.query<{ id: string; reserved: number }>(
        'select id, reserved from fake_order_line where id = any($1)',
        [lineIds],
      ),
    );
    const byId = new Map(rows.map((row) => [row.id, row.reserved]));
    return lineIds.map((id) => byId.get(id) ?? 0);
  }

  override async openDemand(orderId: string): Promise<StockDemand | null> {
    const [demand] = await this.unitOfWork.query<StockDemand>(`${DEMANDS} where o.id = $1 group by o.tenant_id, o.id`, [
      orderId,
    ]);
    return demand ?? null;
  }

  override async lockOrders(orderIds: readonly string[]): Promise<readonly StockDemand[]> {
    await this.unitOfWork.query('select id from fake_order where id = any($1) order by id for update', [orderIds]);
    return this.unitOfWork.query<StockDemand>(`${DEMANDS} where o.id = any($1) group by o.tenant_id, o.id`, [orderIds]);
  }

  override async recordReserved(changes: readonly ReservationChange[]): Promise<void> {
    await this.unitOfWork.execute(
      `update fake_order_line l set reserved = l.reserved + c.quantity
       from unnest($1::uuid[], $2::integer[]) as c (id, quantity) where l.id = c.id`,
      [changes.map((change) => change.lineId), changes.map((change) => change.quantity)],
    );
  }

  override async waiting(productIds: readonly string[], warehouseId: string, limit: number): Promise<StockDemand[]> {
    return this.unitOfWork.query<StockDemand>(
      `${DEMANDS} where o.warehouse_id = $2 and exists (
         select from fake_order_line w where w.order_id = o.id and w.product_id = any($1)
           and w.ordered - w.cancelled - w.shipped - w.reserved > 0)
       group by o.tenant_id, o.id order by o.confirmed_at, o.id limit $3`,
      [productIds, warehouseId, limit],
    );
  }

  override async reservedTotals(): Promise<ReservedTotal[]> {
    return this.unitOfWork.query<ReservedTotal>(
      `select l.product_id as "productId", o.warehouse_id as "warehouseId", sum(l.reserved)::integer as reserved
       from fake_order_line l join fake_order o on o.id = l.order_id group by 1, 2 having sum(l.reserved) <> 0`,
    );
  }
}
