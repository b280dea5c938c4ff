import { Module } from '@nestjs/common';
import { SalesModule } from '#erp/sales';
import { EventsModule } from '#libs/events';
import { PaymentsBooksCheck } from './books/payments-books-check.js';
import { providerCalls } from './payments.subscriptions.js';
import { ConfirmPayment } from './payments/confirm-payment.js';
import { FailPayment } from './payments/fail-payment.js';
import { PaymentQueries } from './payments/payment.queries.js';
import { PaymentsRepository } from './payments/payments.repository.js';
import { RecordPaymentAnswer } from './payments/record-payment-answer.js';
import { RequestPayment } from './payments/request-payment.js';
import { TakePayment } from './payments/take-payment.js';
import { PaymentProviders } from './provider/payment-providers.js';
import { PROVIDER_TIMEOUT_MS, SandboxPaymentProvider } from './provider/sandbox/sandbox-payment-provider.js';
import { ConfirmRefund } from './refunds/confirm-refund.js';
import { FailRefund } from './refunds/fail-refund.js';
import { LockedRefunds } from './refunds/locked-refunds.js';
import { PayRefund } from './refunds/pay-refund.js';
import { RecordRefundAnswer } from './refunds/record-refund-answer.js';
import { RefundQueries } from './refunds/refund.queries.js';
import { RefundsRepository } from './refunds/refunds.repository.js';
import { RequestRefund } from './refunds/request-refund.js';
import { ProviderEventsRepository } from './webhooks/provider-events.repository.js';
import { ReceiveWebhook } from './webhooks/receive-webhook.js';
import { RecordProviderNotice } from './webhooks/record-provider-notice.js';

const CALL_MAX_MS = 10_000;

const repositories = [PaymentsRepository, ProviderEventsRepository, RefundsRepository];
const inside = [LockedRefunds, PaymentProviders, RecordPaymentAnswer, RecordProviderNotice, RecordRefundAnswer];
const doors = [
  ConfirmPayment,
  ConfirmRefund,
  FailPayment,
  FailRefund,
  PaymentQueries,
  PaymentsBooksCheck,
  PayRefund,
  ReceiveWebhook,
  RefundQueries,
  RequestPayment,
  RequestRefund,
  TakePayment,
];

/** Money of customers, by way of payment providers. */
@Module({
  imports: [EventsModule.subscribe([providerCalls]), SalesModule],
  providers: [
    { provide: PROVIDER_TIMEOUT_MS, useValue: CALL_MAX_MS },
    SandboxPaymentProvider,
    ...repositories,
    ...inside,
    ...doors,
  ],
  exports: doors,
})
export class PaymentsModule {}
