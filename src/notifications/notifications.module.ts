import { Module } from '@nestjs/common';
import { EmailedTokensModule } from '#erp/identity';
import { SalesModule } from '#erp/sales';
import { TenantsModule } from '#erp/tenants';
import { EventsModule } from '#libs/events';
import { EmailMessagesRepository } from './emails/email-messages.repository.js';
import { SendEmail } from './emails/send-email.js';
import { EmailedTokenMail } from './emailed-token/emailed-token-mail.js';
import { emailedToken, orderConfirmation } from './notifications.subscriptions.js';
import { OrderConfirmation } from './order-confirmation/order-confirmation.js';

/** Tells people what happened. Needs ConfigModule. */
@Module({
  imports: [EventsModule.subscribe([orderConfirmation, emailedToken]), EmailedTokensModule, SalesModule, TenantsModule],
  providers: [EmailMessagesRepository, EmailedTokenMail, OrderConfirmation, SendEmail],
  exports: [EmailedTokenMail, OrderConfirmation, SendEmail],
})
export class NotificationsModule {}
