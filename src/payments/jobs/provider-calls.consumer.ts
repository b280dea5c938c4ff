import { z } from 'zod';
import { Consumer, type DeliveredEvent, type Delivery, type EventConsumer } from '#libs/events';
import { providerCalls } from '../payments.subscriptions.js';
import { TakePayment } from '../payments/take-payment.js';
import { PayRefund } from '../refunds/pay-refund.js';

const payment = z.object({ paymentId: z.guid() });
const refund = z.object({ refundId: z.guid() });

/** Calls the provider for what is to be paid or paid back. */
@Consumer(providerCalls)
export class ProviderCallsConsumer implements EventConsumer {
  constructor(
    private readonly takePayment: TakePayment,
    private readonly payRefund: PayRefund,
  ) {}

  async handle(event: DeliveredEvent, delivery: Delivery): Promise<void> {
    if (event.type === 'payments.payment.requested') {
      await this.takePayment.execute(payment.parse(event.payload).paymentId, delivery);
    } else {
      await this.payRefund.execute(refund.parse(event.payload).refundId, delivery);
    }
  }
}
