import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import { requireVersion } from '#libs/kernel';
import { type TaxMode, UnitPrice } from '#libs/kernel';
import { type OrderParties, OrderPartiesFinder } from './order-parties.js';
import type { PostalAddress } from './postal-address.js';
import { type NewOrderLine, priceLines } from './price-lines.js';
import type { SalesOrderLine } from './sales-order-line.entity.js';
import type { SalesOrder } from './sales-order.entity.js';
import { SalesOrdersRepository } from './sales-orders.repository.js';

/** What may change about a draft; a field that is left out stays as it is. */
export interface DraftOrderChanges {
  /** Another customer brings name, e-mail and addresses of their own. */
  readonly customerId?: string | undefined;
  readonly warehouseId?: string | undefined;
  readonly priceMode?: TaxMode | undefined;
  /** Null removes it. */
  readonly externalRef?: string | null | undefined;
  readonly note?: string | null | undefined;
  readonly billingAddress?: PostalAddress | undefined;
  readonly shippingAddress?: PostalAddress | undefined;
  /** Replace all lines; they get new ids and today's prices. */
  readonly lines?: readonly NewOrderLine[] | undefined;
}

/** Changes an order that is still a draft. */
@Injectable()
export class UpdateDraftOrder {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly orders: SalesOrdersRepository,
    private readonly parties: OrderPartiesFinder,
  ) {}

  /**
   * @param expectedVersion the version that the client has seen, if it says so
   * @throws SalesOrderNotFound, SalesOrderNotEditable, PreconditionFailed, ConcurrentModification,
   * SalesOrderExternalRefTaken; what {@link OrderPartiesFinder} and {@link priceLines} refuse
   */
  async execute(orderId: string, changes: DraftOrderChanges, expectedVersion?: number): Promise<void> {
    await this.unitOfWork.run(async () => {
      const order = await this.orders.getWhole(orderId);
      requireVersion(order.version, expectedVersion);
      order.requireEditable();
      const lines = linesToPrice(order, changes);
      const { customerId = order.customerId, warehouseId = order.warehouseId } = changes;
      const productIds = lines?.map((line) => line.productId) ?? [];
      const parties = await this.parties.find({ customerId, warehouseId, productIds });
      applyHead(order, changes, parties);
      if (!lines) return this.orders.updateHead(order);
      const { currency, priceMode } = order;
      const { products } = parties;
      Object.assign(order, priceLines({ orderId, currency, priceMode, lines, products }));
      await this.orders.replaceLines(order);
    });
  }
}

/** The lines to price anew: those given, or the present ones when prices mean something else from now on. */
function linesToPrice(order: SalesOrder, changes: DraftOrderChanges): readonly NewOrderLine[] | undefined {
  if (changes.lines) return changes.lines;
  if (changes.priceMode === undefined || changes.priceMode === order.priceMode) return undefined;
  return order.lines.map((line) => asOrdered(line, order.currency));
}

function asOrdered(line: SalesOrderLine, currency: string): NewOrderLine {
  const { ordered: quantity, sku, name, taxCode, taxRatePpm } = line;
  return {
    productId: line.productId ?? undefined,
    quantity,
    unitPrice: UnitPrice.of(line.unitPriceE4, currency),
    sku,
    name,
    taxCode,
    taxRatePpm,
  };
}

function applyHead(order: SalesOrder, changes: DraftOrderChanges, { customer }: OrderParties): void {
  if (customer.id !== order.customerId) {
    order.customerId = customer.id;
    order.customerName = customer.name;
    order.customerEmail = customer.email;
    order.billingAddress = customer.billingAddress;
    order.shippingAddress = customer.shippingAddress;
  }
  order.warehouseId = changes.warehouseId ?? order.warehouseId;
  order.priceMode = changes.priceMode ?? order.priceMode;
  order.billingAddress = changes.billingAddress ?? order.billingAddress;
  order.shippingAddress = changes.shippingAddress ?? order.shippingAddress;
  if (changes.externalRef !== undefined) order.externalRef = changes.externalRef;
  if (changes.note !== undefined) order.note = changes.note;
}
