import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { businessDate, Clock } from '#libs/kernel';
import type { LineQuantity, SalesOrder, ShippedLine } from '../orders/sales-order.entity.js';
import { SalesOrdersRepository } from '../orders/sales-orders.repository.js';
import { OrderStock } from '../stock/order-stock.js';
import { SalesShipmentLine } from './sales-shipment-line.entity.js';
import { SalesShipment } from './sales-shipment.entity.js';
import { SalesShipmentsRepository } from './sales-shipments.repository.js';

/** What is to be shipped. */
export interface SalesOrderShipping {
  readonly orderId: string;
  /** Default: all goods that are reserved. Services follow the last goods, or are named. */
  readonly lines?: readonly LineQuantity[] | undefined;
}

/** Ships reserved goods of an order: stock is issued and its cost kept with the shipment. */
@Injectable()
export class ShipSalesOrder {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly orders: SalesOrdersRepository,
    private readonly shipments: SalesShipmentsRepository,
    private readonly stock: OrderStock,
  ) {}

  /**
   * @throws SalesOrderNotFound, SalesOrderNotShippable, SalesOrderQuantityExceeded, SalesOrderLineNotFound,
   * SalesOrderLineRepeated
   */
  async execute({ orderId, lines }: SalesOrderShipping): Promise<SalesShipment> {
    return this.unitOfWork.run(async () => {
      const order = await this.stock.lockOrder(orderId);
      const shipped = order.ship(lines);
      const shipment = this.shipmentOf(order, (await this.shipments.countOf(orderId)) + 1);
      const costs = await this.stock.issue(order, shipment, shipped);
      shipment.lines = shipped.map((one) => shipmentLine(shipment, one, costs.get(one.line.id) ?? 0n));
      this.orders.updateWhole(
        order,
        shipped.map(({ line }) => line),
      );
      this.shipments.insertWhole(shipment);
      return shipment;
    });
  }

  private shipmentOf(order: SalesOrder, shipmentNo: number): SalesShipment {
    return Object.assign(new SalesShipment(), {
      orderId: order.id,
      shipmentNo,
      number: `${order.number}-S${shipmentNo}`,
      warehouseId: order.warehouseId,
      shippedOn: businessDate(this.clock.now(), currentTenant().timeZone),
    });
  }
}

function shipmentLine(shipment: SalesShipment, { line, quantity }: ShippedLine, costMinor: bigint): SalesShipmentLine {
  return Object.assign(new SalesShipmentLine(), {
    shipmentId: shipment.id,
    orderLineId: line.id,
    quantity,
    costMinor,
  });
}
