import { Module } from '@nestjs/common';
import { OrderPaymentsController } from './http/order-payments.controller.js';
import { PaymentsController } from './http/payments.controller.js';
import { PaymentsModule } from './payments.module.js';
import { PaymentWebhooksController } from './webhooks/http/payment-webhooks.controller.js';

/** The endpoints of payments, refunds and the providers' webhooks. */
@Module({
  imports: [PaymentsModule],
  controllers: [OrderPaymentsController, PaymentsController, PaymentWebhooksController],
})
export class PaymentsHttpModule {}
