/** Payments and refunds: each taken and given back at most once, whatever the provider's answers do on their way. */
export { PaymentsBooksCheck } from './books/payments-books-check.js';
export { ConfirmPayment } from './payments/confirm-payment.js';
export { FailPayment } from './payments/fail-payment.js';
export type { Payment, PaymentStatus } from './payments/payment.entity.js';
export {
  OrderNotPayable,
  PaymentExceedsOrder,
  PaymentNotFound,
  PaymentNotRefundable,
  RefundExceedsPayment,
} from './payments/payment.errors.js';
export { PaymentQueries } from './payments/payment.queries.js';
export { RequestPayment, type NewPayment } from './payments/request-payment.js';
export { PaymentsModule } from './payments.module.js';
export { RefundNotFound } from './refunds/refund.errors.js';
export { RefundQueries } from './refunds/refund.queries.js';
export { RequestRefund, type NewRefund } from './refunds/request-refund.js';
export type { Refund, RefundStatus } from './refunds/refund.entity.js';
