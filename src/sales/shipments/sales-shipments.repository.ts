import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { currentTenant } from '#libs/context';
import { TenantRepository, UnitOfWork } from '#libs/database';
import { SalesShipmentLine } from './sales-shipment-line.entity.js';
import { SalesShipment } from './sales-shipment.entity.js';
import { SalesShipmentLineNotFound, SalesShipmentNotFound } from './sales-shipment.errors.js';

/** The lines of shipments. */
@Injectable()
export class SalesShipmentLinesRepository extends TenantRepository<SalesShipmentLine> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, SalesShipmentLine, SalesShipmentLineNotFound);
  }

  /** All lines of the shipments. */
  async ofShipments(shipmentIds: readonly string[]): Promise<SalesShipmentLine[]> {
    return this.findParts({ shipmentId: In([...shipmentIds]) }, { id: 'ASC' });
  }

  /** What was shipped of order lines and is still with the customer, oldest shipment first. */
  async outstandingOf(orderLineIds: readonly string[]): Promise<SalesShipmentLine[]> {
    const query = this.unitOfWork
      .managerOf(SalesShipmentLine)
      .createQueryBuilder(SalesShipmentLine, 'line')
      .where({ tenantId: currentTenant().id, orderLineId: In([...orderLineIds]) })
      .andWhere('line.returned < line.quantity')
      .orderBy('line.id');
    return this.loaded(await query.getMany());
  }
}

/** Whole shipments: header and lines. */
@Injectable()
export class SalesShipmentsRepository extends TenantRepository<SalesShipment> {
  constructor(
    unitOfWork: UnitOfWork,
    private readonly lines: SalesShipmentLinesRepository,
  ) {
    super(unitOfWork, SalesShipment, SalesShipmentNotFound);
  }

  /** Writes a shipment with its lines, with the next statement. */
  insertWhole(shipment: SalesShipment): void {
    this.insertLater([shipment]);
    this.lines.insertLater(shipment.lines);
    this.unitOfWork.hold(countKey(shipment.orderId), { count: shipment.shipmentNo });
  }

  /** How many shipments an order has. The order must be locked. */
  async countOf(orderId: string): Promise<number> {
    const known = this.unitOfWork.held<{ count: number }>(countKey(orderId));
    if (known ?? this.unitOfWork.isBornHere(orderId)) return known?.count ?? 0;
    const [row] = await this.unitOfWork.query<{ count: number }>(
      'select count(*)::int as count from sales_shipment where tenant_id = $1 and order_id = $2',
      [currentTenant().id, orderId],
    );
    return row?.count ?? 0;
  }

  /** Fills in the lines. */
  async withLines(shipments: SalesShipment[]): Promise<SalesShipment[]> {
    if (shipments.length === 0) return shipments;
    const lines = await this.lines.ofShipments(shipments.map((shipment) => shipment.id));
    const byShipment = Map.groupBy(lines, (line) => line.shipmentId);
    for (const shipment of shipments) shipment.lines = byShipment.get(shipment.id) ?? [];
    return shipments;
  }
}

function countKey(orderId: string): string {
  return `shipments of ${orderId}`;
}
