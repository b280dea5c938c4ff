import { Injectable } from '@nestjs/common';
import { LockOrderForBilling, type SalesOrderDetails } from '#erp/sales';
import { UnitOfWork } from '#libs/database';
import { Outbox } from '#libs/events';
import { Clock, CurrencyMismatch, type Money } from '#libs/kernel';
import { AMOUNT_MINOR_MAX, isMovable } from '../movements/amounts.js';
import { PaymentProviders } from '../provider/payment-providers.js';
import { payableMinor } from './payable-amount.js';
import { Payment } from './payment.entity.js';
import { OrderNotPayable, PaymentAmountInvalid, PaymentExceedsOrder } from './payment.errors.js';
import { PaymentRequested } from './payment.events.js';
import { PaymentsRepository } from './payments.repository.js';

/** What is to be paid. */
export interface NewPayment {
  readonly orderId: string;
  /** The provider's token of a means of payment. */
  readonly method: string;
  /** Default: all that is open. */
  readonly amount?: Money | undefined;
  /** Default: `sandbox`. */
  readonly provider?: string | undefined;
}

/** Writes down that an order is to be paid. The provider is asked afterwards, by the consumer of the event. */
@Injectable()
export class RequestPayment {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly lockOrder: LockOrderForBilling,
    private readonly providers: PaymentProviders,
    private readonly payments: PaymentsRepository,
    private readonly outbox: Outbox,
  ) {}

  /**
   * @throws SalesOrderNotFound, OrderNotPayable, PaymentExceedsOrder, PaymentAmountInvalid, CurrencyMismatch,
   * PaymentProviderUnknown
   */
  async execute({ orderId, method, amount, provider = 'sandbox' }: NewPayment): Promise<Payment> {
    const { name } = this.providers.get(provider);
    return this.unitOfWork.run(async () => {
      // Payments of one order are decided one after the other: only so can their sum be held to its total.
      const order = await this.lockOrder.execute(orderId);
      const amountMinor = await this.amountOf(order, amount);
      const { currency } = order;
      const payment = Object.assign(new Payment(), { orderId, provider: name, method, amountMinor, currency });
      await this.payments.insert(payment);
      await this.outbox.append(new PaymentRequested(payment, this.clock.now()));
      return payment;
    });
  }

  private async amountOf(order: SalesOrderDetails, amount: Money | undefined): Promise<bigint> {
    if (order.status === 'draft' || order.status === 'cancelled') throw new OrderNotPayable(order.id, order.status);
    if (amount && amount.currency !== order.currency) throw new CurrencyMismatch(order.currency, amount.currency);
    const openMinor = payableMinor(order) - (await this.payments.claimedMinor(order.id));
    const amountMinor = amount?.minor ?? openMinor;
    if (amountMinor > openMinor || openMinor <= 0n) throw new PaymentExceedsOrder(order.id, amountMinor, openMinor);
    if (!isMovable(amountMinor)) throw new PaymentAmountInvalid(amountMinor, AMOUNT_MINOR_MAX);
    return amountMinor;
  }
}
