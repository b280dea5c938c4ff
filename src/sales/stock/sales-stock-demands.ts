import { Injectable } from '@nestjs/common';
import { type ReservationChange, type ReservedTotal, type StockDemand, StockDemands } from '#erp/inventory';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { Clock } from '#libs/kernel';
import type { LineQuantities } from '../orders/line-quantities.js';
import { deriveStatus } from '../orders/sales-order.status.js';
import { SalesOrdersRepository } from '../orders/sales-orders.repository.js';
import {
  CHANGE_RESERVED,
  CHANGE_STATUS,
  DEMANDS_OF_ORDERS,
  DEMANDS_OF_PRODUCTS,
  RESERVED_TOTALS,
} from './demand-statements.js';

interface DemandRow {
  readonly order_id: string;
  readonly warehouse_id: string;
  readonly line_id: string | null;
  readonly product_id: string;
  readonly open_quantity: number;
}

type LineRow = LineQuantities & { readonly order_id: string };

/** Answers inventory's questions about who wants stock, and writes down what inventory reserved. */
@Injectable()
export class SalesStockDemands extends StockDemands {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly orders: SalesOrdersRepository,
  ) {
    super();
  }

  override async openDemand(orderId: string): Promise<StockDemand | null> {
    const [demand] = await this.demandsOf([orderId]);
    return demand ?? null;
  }

  override async lockOrders(orderIds: readonly string[]): Promise<readonly StockDemand[]> {
    // One round trip; the second statement takes its snapshot after the first has waited for the locks.
    const [, demands] = await Promise.all([this.orders.lock(orderIds), this.demandsOf(orderIds)]);
    return demands;
  }

  override async waiting(productIds: readonly string[], warehouseId: string, limit: number): Promise<StockDemand[]> {
    const parameters = [currentTenant().id, productIds, warehouseId, limit];
    return demands(await this.unitOfWork.query<DemandRow>(DEMANDS_OF_PRODUCTS, parameters));
  }

  override async recordReserved(changes: readonly ReservationChange[]): Promise<void> {
    if (changes.length === 0) return;
    const tenantId = currentTenant().id;
    const orderIds = [...new Set(changes.map(({ orderId }) => orderId))];
    this.orders.letGoWhole(orderIds);
    const lines = await this.unitOfWork.query<LineRow>(CHANGE_RESERVED, [tenantId, JSON.stringify(changes), orderIds]);
    const touched = new Set(changes.filter(({ quantity }) => quantity !== 0).map(({ orderId }) => orderId));
    const orders = [...Map.groupBy(lines, (line) => line.order_id)].map(([orderId, ofOrder]) => ({
      orderId,
      touched: touched.has(orderId),
      status: deriveStatus({ confirmed: true, reservationAttempted: true, lines: ofOrder }),
    }));
    await this.unitOfWork.execute(CHANGE_STATUS, [tenantId, JSON.stringify(orders), this.clock.now()]);
  }

  override async reservedTotals(): Promise<ReservedTotal[]> {
    const rows = await this.unitOfWork.query<{ product_id: string; warehouse_id: string; reserved: string }>(
      RESERVED_TOTALS,
      [currentTenant().id],
    );
    return rows.map((row) => ({
      productId: row.product_id,
      warehouseId: row.warehouse_id,
      reserved: Number(row.reserved),
    }));
  }

  private async demandsOf(orderIds: readonly string[]): Promise<StockDemand[]> {
    return demands(await this.unitOfWork.query<DemandRow>(DEMANDS_OF_ORDERS, [currentTenant().id, orderIds]));
  }
}

function demands(rows: readonly DemandRow[]): StockDemand[] {
  return [...Map.groupBy(rows, (row) => row.order_id)].map(([orderId, ofOrder]) => ({
    orderId,
    warehouseId: ofOrder[0]?.warehouse_id ?? '',
    lines: ofOrder.flatMap(({ line_id: lineId, product_id: productId, open_quantity: openQuantity }) =>
      lineId === null ? [] : [{ lineId, productId, openQuantity }],
    ),
  }));
}
