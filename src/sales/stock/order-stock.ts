import { Injectable } from '@nestjs/common';
import { IssueStock, LockStock, ReleaseStock, ReserveStock } from '#erp/inventory';
import type { CancelledLine, SalesOrder, ShippedLine } from '../orders/sales-order.entity.js';
import { SalesOrdersRepository } from '../orders/sales-orders.repository.js';
import type { SalesShipment } from '../shipments/sales-shipment.entity.js';

/** What verbs on orders do with stock. Levels are always locked before orders (contracts: lock order). */
@Injectable()
export class OrderStock {
  constructor(
    private readonly orders: SalesOrdersRepository,
    private readonly levels: LockStock,
    private readonly reserveStock: ReserveStock,
    private readonly releaseStock: ReleaseStock,
    private readonly issueStock: IssueStock,
  ) {}

  /**
   * Locks the stock levels of an order's goods, then the order, and gives it as it is under the lock.
   * @throws SalesOrderNotFound
   */
  async lockOrder(orderId: string): Promise<SalesOrder> {
    const held = this.orders.heldWhole(orderId);
    if (held) {
      await this.lockFor(held);
      return held;
    }
    const order = await this.lockUnheld(orderId);
    this.orders.holdWhole(order);
    return order;
  }

  private async lockUnheld(orderId: string): Promise<SalesOrder> {
    const seen = await this.orders.getWhole(orderId);
    await this.lockFor(seen);
    if ((await this.orders.lockedVersion(orderId)) === seen.version) return seen;
    const current = await this.orders.getWhole(orderId);
    // A draft may have got other goods meanwhile; its levels are then locked late, and a deadlock is repeated.
    if (isOtherStock(seen, current)) await this.lockFor(current);
    return current;
  }

  /** Locks the stock levels of an order's goods. Nothing to do for services. */
  async lockFor(order: SalesOrder): Promise<void> {
    const productIds = goodsOf(order);
    if (productIds.length > 0) await this.levels.execute(order.warehouseId, productIds);
  }

  /** Locks the levels of goods that an order is about to name. */
  async lockAhead(warehouseId: string, productIds: readonly string[]): Promise<void> {
    if (productIds.length > 0) await this.levels.ahead(warehouseId, productIds);
  }

  /** Reserves what there is for an order that is confirmed and not written yet. */
  async reserveUnwritten(order: SalesOrder, at: Date): Promise<void> {
    const lines = order.lines
      .filter((line) => line.backordered > 0)
      .map((line) => ({ lineId: line.id, productId: requireProduct(line.productId), openQuantity: line.backordered }));
    if (lines.length === 0) return;
    const { id: orderId, warehouseId } = order;
    const { changes } = await this.reserveStock.executeUnwritten({ orderId, warehouseId, lines });
    order.recordReserved(changes, at);
  }

  /** Gives back what a cancellation set free. The order must be written already. */
  async release(order: SalesOrder, cancelled: readonly CancelledLine[]): Promise<void> {
    const lines = cancelled
      .filter(({ released }) => released > 0)
      .map(({ line, released }) => ({ productId: requireProduct(line.productId), quantity: released }));
    if (lines.length > 0) await this.releaseStock.execute({ warehouseId: order.warehouseId, lines });
  }

  /** Takes the goods of a shipment off the stock; gives their cost in minor units by order line. */
  async issue(
    order: SalesOrder,
    shipment: SalesShipment,
    shipped: readonly ShippedLine[],
  ): Promise<ReadonlyMap<string, bigint>> {
    const lines = shipped
      .filter(({ line }) => line.kind === 'goods')
      .map(({ line, quantity }) => ({ lineId: line.id, productId: requireProduct(line.productId), quantity }));
    if (lines.length === 0) return new Map();
    const { id: shipmentId, number: reference, shippedOn: businessDate } = shipment;
    const { warehouseId } = order;
    const issued = await this.issueStock.execute({ warehouseId, shipmentId, businessDate, reference, lines });
    return new Map(issued.map(({ lineId, costMinor }) => [lineId, costMinor]));
  }
}

function goodsOf(order: SalesOrder): string[] {
  const goods = order.lines.filter((line) => line.kind === 'goods');
  return [...new Set(goods.map((line) => requireProduct(line.productId)))];
}

function isOtherStock(seen: SalesOrder, current: SalesOrder): boolean {
  return seen.warehouseId !== current.warehouseId || String(goodsOf(seen)) !== String(goodsOf(current));
}

function requireProduct(productId: string | null): string {
  if (productId === null) throw new Error('a line of goods names a product: sales_order_line_goods_check');
  return productId;
}
