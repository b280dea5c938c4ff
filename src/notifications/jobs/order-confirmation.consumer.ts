import { z } from 'zod';
import { UnitOfWork } from '#libs/database';
import { Consumer, type DeliveredEvent, type Delivery, type EventConsumer } from '#libs/events';
import { SendEmail } from '../emails/send-email.js';
import { orderConfirmation } from '../notifications.subscriptions.js';
import { OrderConfirmation } from '../order-confirmation/order-confirmation.js';

const payload = z.object({ orderId: z.guid() });

/** Mails the customer of a confirmed order. */
@Consumer(orderConfirmation)
export class OrderConfirmationConsumer implements EventConsumer {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly confirmation: OrderConfirmation,
    private readonly sendEmail: SendEmail,
  ) {}

  async handle(event: DeliveredEvent, delivery: Delivery): Promise<void> {
    const content = await this.confirmation.contentFor(payload.parse(event.payload).orderId);
    if (content) await this.sendEmail.execute('order_confirmation', event.id, content, delivery);
    else await this.unitOfWork.run(() => delivery.complete());
  }
}
