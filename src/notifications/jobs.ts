import { Module } from '@nestjs/common';
import { OrderConfirmationConsumer } from './jobs/order-confirmation.consumer.js';
import { NotificationsModule } from './notifications.module.js';

/** The consumers that tell people. */
@Module({ imports: [NotificationsModule], providers: [OrderConfirmationConsumer] })
export class NotificationsJobsModule {}
