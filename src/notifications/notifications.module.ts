import { Module } from '@nestjs/common';
import { SalesModule } from '#erp/sales';
import { TenantsModule } from '#erp/tenants';
import { EventsModule } from '#libs/events';
import { EmailMessagesRepository } from './emails/email-messages.repository.js';
import { SendEmail } from './emails/send-email.js';
import { orderConfirmation } from './notifications.subscriptions.js';
import { OrderConfirmation } from './order-confirmation/order-confirmation.js';

/** Tells people what happened. */
@Module({
  imports: [EventsModule.subscribe([orderConfirmation]), SalesModule, TenantsModule],
  providers: [EmailMessagesRepository, OrderConfirmation, SendEmail],
  exports: [OrderConfirmation, SendEmail],
})
export class NotificationsModule {}
