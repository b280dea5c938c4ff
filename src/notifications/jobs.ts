import { Module } from '@nestjs/common';
import { EmailedTokenConsumer } from './jobs/emailed-token.consumer.js';
import { OrderConfirmationConsumer } from './jobs/order-confirmation.consumer.js';
import { NotificationsModule } from './notifications.module.js';

/** The consumers that tell people. */
@Module({ imports: [NotificationsModule], providers: [EmailedTokenConsumer, OrderConfirmationConsumer] })
export class NotificationsJobsModule {}
