import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import type { Page } from '#libs/kernel';
import type { PagePosition } from '../orders/sales-order.queries.js';
import { SalesOrdersRepository } from '../orders/sales-orders.repository.js';
import type { SalesShipment } from './sales-shipment.entity.js';
import { SalesShipmentsRepository } from './sales-shipments.repository.js';

/** Reads of shipments. */
@Injectable()
export class SalesShipmentQueries {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly orders: SalesOrdersRepository,
    private readonly shipments: SalesShipmentsRepository,
  ) {}

  /** The shipments of an order with their lines, first one first. @throws SalesOrderNotFound, InvalidCursor */
  async pageOfOrder(orderId: string, { limit, cursor }: PagePosition): Promise<Page<SalesShipment>> {
    return this.unitOfWork.read(async () => {
      await this.orders.get(orderId);
      const orderBy = { column: 'shipmentNo', direction: 'ASC' } as const;
      const page = await this.shipments.page({ limit, cursor, where: { orderId }, orderBy });
      return { ...page, items: await this.shipments.withLines(page.items) };
    });
  }
}
