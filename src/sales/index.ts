export { LockOrderForBilling, type BillingLock } from './billing/lock-order-for-billing.js';
export { RecordCredited, type CreditedQuantities } from './billing/record-credited.js';
export { RecordInvoiced, type InvoicedQuantities } from './billing/record-invoiced.js';
export { RecordReturned, type ReturnedLineQuantity, type ReturnedQuantities } from './billing/record-returned.js';
export { OrderBooksCheck } from './books/order-books-check.js';
export { CancelSalesOrder, type SalesOrderCancellation } from './orders/cancel-sales-order.js';
export { ConfirmSalesOrder } from './orders/confirm-sales-order.js';
export type { LineKind, LineQuantities } from './orders/line-quantities.js';
export { PlaceSalesOrder, type NewSalesOrder, type PlacedSalesOrder } from './orders/place-sales-order.js';
export type { PostalAddress } from './orders/postal-address.js';
export { ORDER_LINES_MAX, type NewOrderLine } from './orders/price-lines.js';
export type { LineQuantity } from './orders/sales-order.entity.js';
export { SalesOrderNotFound, SalesOrderQuantityExceeded } from './orders/sales-order.errors.js';
export {
  salesOrderCancelledPayload,
  type SalesOrderCancelledPayload,
  salesOrderConfirmedPayload,
  type SalesOrderConfirmedPayload,
} from './orders/sales-order.payloads.js';
export {
  SalesOrderQueries,
  type SalesOrderDetails,
  type SalesOrderFilter,
  type SalesOrderLineDetails,
  type SalesOrderSummary,
} from './orders/sales-order.queries.js';
export type { SalesOrderStatus } from './orders/sales-order.status.js';
export { UpdateDraftOrder, type DraftOrderChanges } from './orders/update-draft-order.js';
export { SalesModule } from './sales.module.js';
export { SalesShipmentQueries } from './shipments/sales-shipment.queries.js';
export { ShipSalesOrder, type SalesOrderShipping } from './shipments/ship-sales-order.js';
