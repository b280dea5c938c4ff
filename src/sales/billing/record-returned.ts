import { Injectable } from '@nestjs/common';
import { ReturnStock } from '#erp/inventory';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { businessDate, Clock } from '#libs/kernel';
import type { SalesOrderLine } from '../orders/sales-order-line.entity.js';
import type { SalesOrder } from '../orders/sales-order.entity.js';
import { SalesOrdersRepository } from '../orders/sales-orders.repository.js';
import { SalesShipmentLinesRepository } from '../shipments/sales-shipments.repository.js';
import { OrderStock } from '../stock/order-stock.js';
import { costOfReturn } from './cost-of-return.js';

/** What comes back of an order line. */
export interface ReturnedLineQuantity {
  /** The order's line. */
  readonly lineId: string;
  readonly quantity: number;
  /** The line of the document that takes the goods back; default: the order's line. */
  readonly documentLineId?: string | undefined;
}

/** What a document takes back of an order. */
export interface ReturnedQuantities {
  readonly orderId: string;
  /** The document, e.g. the credit note: stock movements point to it. */
  readonly documentId: string;
  /** What people call it, e.g. its number. */
  readonly reference?: string | null | undefined;
  readonly lines: readonly ReturnedLineQuantity[];
}

/**
 * Takes shipped goods of an order back into stock at the cost they left with, and counts services as not rendered.
 * Call it before anything else of the order is locked: it locks stock levels first.
 */
@Injectable()
export class RecordReturned {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly orders: SalesOrdersRepository,
    private readonly shipmentLines: SalesShipmentLinesRepository,
    private readonly stock: OrderStock,
    private readonly returnStock: ReturnStock,
  ) {}

  /** @throws SalesOrderNotFound, SalesOrderLineNotFound, SalesOrderQuantityExceeded for more than was shipped */
  async execute(input: ReturnedQuantities): Promise<void> {
    await this.unitOfWork.run(async () => {
      const order = await this.stock.lockOrder(input.orderId);
      const lines = order.recordReturned(input.lines);
      const costs = await this.takeBack(input.lines);
      this.orders.updateWhole(order, lines);
      await this.putBack(order, lines, costs, input);
    });
  }

  /** The cost that comes back, by order line. */
  private async takeBack(quantities: readonly ReturnedLineQuantity[]): Promise<ReadonlyMap<string, bigint>> {
    const shipped = await this.shipmentLines.outstandingOf(quantities.map(({ lineId }) => lineId));
    const { costs, changed } = costOfReturn(shipped, quantities);
    await this.shipmentLines.update(changed);
    return costs;
  }

  private async putBack(
    { warehouseId }: SalesOrder,
    lines: readonly SalesOrderLine[],
    costs: ReadonlyMap<string, bigint>,
    { documentId, reference = null, lines: quantities }: ReturnedQuantities,
  ): Promise<void> {
    const returned = quantities.flatMap(({ lineId, quantity, documentLineId = lineId }) => {
      const productId = lines.find((line) => line.id === lineId && line.kind === 'goods')?.productId;
      return productId ? [{ lineId: documentLineId, productId, quantity, costMinor: costs.get(lineId) ?? null }] : [];
    });
    if (returned.length === 0) return;
    const date = businessDate(this.clock.now(), currentTenant().timeZone);
    await this.returnStock.execute({ warehouseId, documentId, businessDate: date, reference, lines: returned });
  }
}
