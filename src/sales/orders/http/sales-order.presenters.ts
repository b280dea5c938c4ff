import type { z } from 'zod';
import { Money, TaxRate, UnitPrice } from '#libs/kernel';
import { unreservedQuantity } from '../line-quantities.js';
import type { SalesOrderDetails, SalesOrderLineDetails, SalesOrderSummary } from '../sales-order.queries.js';
import type { salesOrderSchema, salesOrderSummarySchema } from './sales-order.schemas.js';

type OrderJson = z.input<typeof salesOrderSchema>;

/** An order in a list. */
export function presentSummary(order: SalesOrderSummary): z.input<typeof salesOrderSummarySchema> {
  const { id, number, externalRef, status, customerId, customerName, warehouseId, priceMode, orderedOn, version } =
    order;
  return {
    id,
    number,
    externalRef,
    status,
    customerId,
    customerName,
    warehouseId,
    priceMode,
    orderedOn,
    confirmedAt: order.confirmedAt?.toISOString() ?? null,
    net: Money.of(order.netMinor, order.currency).toJSON(),
    tax: Money.of(order.taxMinor, order.currency).toJSON(),
    total: Money.of(order.totalMinor, order.currency).toJSON(),
    version,
    createdAt: order.createdAt.toISOString(),
    updatedAt: order.updatedAt.toISOString(),
  };
}

/** An order with its lines. */
export function presentOrder(order: SalesOrderDetails): OrderJson {
  const { customerEmail, billingAddress, shippingAddress, note } = order;
  const lines = order.lines.map((line) => presentLine(line, order.currency));
  return { ...presentSummary(order), customerEmail, billingAddress, shippingAddress, note, lines };
}

function presentLine(line: SalesOrderLineDetails, currency: string): OrderJson['lines'][number] {
  const { id, lineNo, productId, kind, sku, name, taxCode } = line;
  const { ordered, reserved, shipped, cancelled, invoiced, credited, returned } = line;
  return {
    id,
    lineNo,
    productId,
    kind,
    sku,
    name,
    unitPrice: UnitPrice.of(line.unitPriceE4, currency).toJSON(),
    taxCode,
    taxRatePercent: TaxRate.ofPpm(line.taxRatePpm).toPercent(),
    amount: Money.of(line.amountMinor, currency).toJSON(),
    ordered,
    reserved,
    shipped,
    cancelled,
    invoiced,
    credited,
    returned,
    backordered: unreservedQuantity(line),
  };
}
