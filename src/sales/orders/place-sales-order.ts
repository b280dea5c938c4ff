import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { Outbox } from '#libs/events';
import { businessDate, Clock, numberingYear, type TaxMode } from '#libs/kernel';
import { NumberSeries } from '#libs/numbering';
import { OrderStock } from '../stock/order-stock.js';
import { type OrderParties, OrderPartiesFinder } from './order-parties.js';
import type { PostalAddress } from './postal-address.js';
import { type NewOrderLine, priceLines } from './price-lines.js';
import { SalesOrder } from './sales-order.entity.js';
import { SalesOrderConfirmed } from './sales-order.events.js';
import { SalesOrdersRepository } from './sales-orders.repository.js';

const SERIES = 'sales_order';
const NUMBER_DIGITS = 6;

/** A new order. It is dated by the clock, in the tenant's currency. */
export interface NewSalesOrder {
  readonly customerId: string;
  readonly warehouseId: string;
  /** 1 to 2,000. */
  readonly lines: readonly NewOrderLine[];
  /** Whether prices are without tax (`net`, the default) or include it. */
  readonly priceMode?: TaxMode | undefined;
  /** The order's id in the system it came from; unique per tenant. */
  readonly externalRef?: string | undefined;
  /** Default: the customer's. */
  readonly billingAddress?: PostalAddress | undefined;
  readonly shippingAddress?: PostalAddress | undefined;
  readonly note?: string | undefined;
  /** Confirm it and reserve stock in the same transaction. Default: it stays a draft. */
  readonly confirm?: boolean | undefined;
}

/** What came of it. */
export interface PlacedSalesOrder {
  readonly id: string;
  readonly number: string;
  readonly netMinor: bigint;
  readonly taxMinor: bigint;
  readonly totalMinor: bigint;
  /** In the order given. */
  readonly lines: readonly { readonly id: string; readonly lineNo: number }[];
}

/**
 * Places an order: prices, names and taxes are fixed now. With `confirm` it is confirmed and what is in stock reserved
 * in the same transaction, in a number of round trips that does not depend on the number of lines.
 */
@Injectable()
export class PlaceSalesOrder {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly parties: OrderPartiesFinder,
    private readonly orders: SalesOrdersRepository,
    private readonly numbers: NumberSeries,
    private readonly stock: OrderStock,
    private readonly outbox: Outbox,
  ) {}

  /**
   * @throws SalesOrderExternalRefTaken; what {@link OrderPartiesFinder} and {@link priceLines} refuse
   */
  async execute(input: NewSalesOrder): Promise<PlacedSalesOrder> {
    return this.unitOfWork.run(async () => {
      const now = this.clock.now();
      const order = draft(input, await this.lookUp(input), now);
      // Stock first, the number last: whoever wants the next number waits for this transaction to end.
      if (input.confirm) {
        order.confirm(now);
        await this.stock.reserveUnwritten(order, now);
      }
      await this.insert(order, now);
      if (input.confirm) await this.outbox.append(new SalesOrderConfirmed(order, now));
      return placed(order);
    });
  }

  /** Who and what is named, and the stock that will be reserved: one round trip. */
  private async lookUp(input: NewSalesOrder): Promise<OrderParties> {
    const { confirm, warehouseId } = input;
    const names = named(input);
    const finding = this.parties.find(names);
    const productIds = names.productIds.filter((id) => typeof id === 'string');
    const locking = confirm ? this.stock.lockAhead(warehouseId, productIds) : Promise.resolve();
    // Behind the locks on stock, like any number.
    this.numbers.ahead(SERIES, numberingYear(this.clock.now(), currentTenant().timeZone));
    const [parties] = await Promise.all([finding, locking]);
    return parties;
  }

  private async insert(order: SalesOrder, now: Date): Promise<void> {
    const year = numberingYear(now, currentTenant().timeZone);
    const prefix = `SO-${year}-`;
    const late = this.numbers.late(SERIES, year, prefix, NUMBER_DIGITS);
    if (late) {
      order.number = late.placeholder;
      this.orders.insertNumbered(order, late);
      return;
    }
    order.number = prefix + String(await this.numbers.next(SERIES, year)).padStart(NUMBER_DIGITS, '0');
    this.orders.insertWhole(order);
  }
}

function named(input: NewSalesOrder): Parameters<OrderPartiesFinder['find']>[0] {
  const { customerId, warehouseId, lines } = input;
  return { customerId, warehouseId, productIds: lines.map((line) => line.productId) };
}

function draft(input: NewSalesOrder, { customer, products }: OrderParties, now: Date): SalesOrder {
  const { currency, timeZone } = currentTenant();
  const order = new SalesOrder();
  order.customerId = input.customerId;
  order.warehouseId = input.warehouseId;
  order.currency = currency;
  order.priceMode = input.priceMode ?? 'net';
  order.orderedOn = businessDate(now, timeZone);
  order.externalRef = input.externalRef ?? null;
  order.note = input.note ?? null;
  order.customerName = customer.name;
  order.customerEmail = customer.email;
  order.billingAddress = input.billingAddress ?? customer.billingAddress;
  order.shippingAddress = input.shippingAddress ?? customer.shippingAddress;
  const { priceMode, id: orderId } = order;
  return Object.assign(order, priceLines({ orderId, currency, priceMode, lines: input.lines, products }));
}

function placed(order: SalesOrder): PlacedSalesOrder {
  const { id, number, netMinor, taxMinor, totalMinor, lines } = order;
  return {
    id,
    number,
    netMinor,
    taxMinor,
    totalMinor,
    lines: lines.map((line) => ({ id: line.id, lineNo: line.lineNo })),
  };
}
