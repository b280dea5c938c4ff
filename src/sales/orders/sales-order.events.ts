import { DomainEvent } from '#libs/events';
import type { CancelledLine, SalesOrder } from './sales-order.entity.js';
import type { SalesOrderCancelledPayload, SalesOrderConfirmedPayload } from './sales-order.payloads.js';

/** An order became binding. */
export class SalesOrderConfirmed extends DomainEvent {
  static readonly type = 'sales.order.confirmed';
  readonly aggregateType = 'sales.order';

  constructor(order: SalesOrder, at: Date) {
    const payload: SalesOrderConfirmedPayload = {
      orderId: order.id,
      customerId: order.customerId,
      warehouseId: order.warehouseId,
      currency: order.currency,
      totalMinor: String(order.totalMinor),
    };
    super(order.id, payload, at);
  }
}

/** Some or all of a confirmed order was cancelled. */
export class SalesOrderCancelled extends DomainEvent {
  static readonly type = 'sales.order.cancelled';
  readonly aggregateType = 'sales.order';

  constructor(order: SalesOrder, cancelled: readonly CancelledLine[], at: Date) {
    const payload: SalesOrderCancelledPayload = {
      orderId: order.id,
      lines: cancelled.map(({ line, quantity }) => ({ lineId: line.id, quantity })),
      full: order.status === 'cancelled',
    };
    super(order.id, payload, at);
  }
}
