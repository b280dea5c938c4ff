import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { currentTenant } from '#libs/context';
import { TenantRepository, UnitOfWork } from '#libs/database';
import { SalesOrderLine } from './sales-order-line.entity.js';
import { SalesOrderLineNotFound } from './sales-order.errors.js';

/** The lines of orders. Used by the orders' repository, which hands out whole orders. */
@Injectable()
export class SalesOrderLinesRepository extends TenantRepository<SalesOrderLine> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, SalesOrderLine, SalesOrderLineNotFound);
  }

  /** All lines of the orders, by order and line number. */
  async ofOrders(orderIds: readonly string[]): Promise<SalesOrderLine[]> {
    if (orderIds.length === 0) return [];
    const query = this.unitOfWork
      .managerOf(SalesOrderLine)
      .createQueryBuilder(SalesOrderLine, 'line')
      .where({ tenantId: currentTenant().id, orderId: In([...orderIds]) })
      .orderBy('line.orderId')
      .addOrderBy('line.lineNo');
    return this.loaded(await query.getMany());
  }

  /** Removes all lines of a draft. */
  async removeOfOrder(orderId: string): Promise<void> {
    await this.unitOfWork.execute('delete from sales_order_line where tenant_id = $1 and order_id = $2', [
      currentTenant().id,
      orderId,
    ]);
  }
}
