import { z } from 'zod';
import { dateSchema, instantSchema, moneySchema, pageOf, pageQuery, text, unitPriceSchema, uuid } from '#libs/http';
import { SALES_ORDER_STATUSES } from '../sales-order.status.js';
import {
  HTTP_LINES_MAX,
  lineQuantitiesSchema,
  newSalesOrderLineSchema,
  postalAddressSchema,
} from './sales-order-fields.schemas.js';

const statusSchema = z.enum(SALES_ORDER_STATUSES);
const priceModeSchema = z.enum(['net', 'gross']).describe('Whether prices are without tax (net) or include it (gross)');
const noteSchema = text({ max: 2_000, multiline: true });
const externalRefSchema = text({ max: 200 }).describe('The order’s id in another system; unique');
const linesSchema = z.array(newSalesOrderLineSchema).min(1).max(HTTP_LINES_MAX);

/** Body of `POST /v1/sales-orders`. */
export const newSalesOrderSchema = z
  .strictObject({
    customerId: uuid,
    warehouseId: uuid,
    priceMode: priceModeSchema.default('net'),
    externalRef: externalRefSchema.optional(),
    billingAddress: postalAddressSchema.optional(),
    shippingAddress: postalAddressSchema.optional(),
    note: noteSchema.optional(),
    confirm: z.boolean().default(false).describe('Confirm it and reserve stock at once'),
    lines: linesSchema,
  })
  .meta({ id: 'NewSalesOrder' });

/** Body of `PATCH /v1/sales-orders/{id}`. */
export const salesOrderChangesSchema = z
  .strictObject({
    customerId: uuid.optional(),
    warehouseId: uuid.optional(),
    priceMode: priceModeSchema.optional(),
    externalRef: externalRefSchema.nullable().optional(),
    billingAddress: postalAddressSchema.optional(),
    shippingAddress: postalAddressSchema.optional(),
    note: noteSchema.nullable().optional(),
    lines: linesSchema.optional().describe('Replace all lines'),
  })
  .meta({ id: 'SalesOrderChanges' });

/** Body of `POST /v1/sales-orders/{id}/cancellation`; may be left out. */
export const cancellationSchema = z
  .strictObject({ lines: lineQuantitiesSchema.describe('Default: all that is neither shipped nor cancelled') })
  .meta({ id: 'SalesOrderCancellation' })
  .prefault({});

/** Query of `GET /v1/sales-orders`. */
export const salesOrderListQuery = pageQuery({
  status: statusSchema.optional(),
  customerId: uuid.optional(),
  externalRef: externalRefSchema.optional(),
  number: text({ max: 40 }).optional(),
});

const quantity = z.int().min(0);

const salesOrderLineSchema = z
  .strictObject({
    id: uuid,
    lineNo: z.int(),
    productId: uuid.nullable(),
    kind: z.enum(['goods', 'service']),
    sku: z.string(),
    name: z.string(),
    unitPrice: unitPriceSchema,
    taxCode: z.string(),
    taxRatePercent: z.string(),
    amount: moneySchema.describe('Price × ordered, in the order’s price mode'),
    ordered: quantity,
    reserved: quantity,
    shipped: quantity,
    cancelled: quantity,
    invoiced: quantity,
    credited: quantity,
    returned: quantity,
    backordered: quantity.describe('Waiting for stock'),
  })
  .meta({ id: 'SalesOrderLine' });

const head = {
  id: uuid,
  number: z.string(),
  externalRef: z.string().nullable(),
  status: statusSchema,
  customerId: uuid,
  customerName: z.string(),
  warehouseId: uuid,
  priceMode: priceModeSchema,
  orderedOn: dateSchema,
  confirmedAt: instantSchema.nullable(),
  net: moneySchema,
  tax: moneySchema,
  total: moneySchema,
  version: z.int(),
  createdAt: instantSchema,
  updatedAt: instantSchema,
};

/** An order in a list. */
export const salesOrderSummarySchema = z.strictObject(head).meta({ id: 'SalesOrderSummary' });

/** A page of orders. */
export const salesOrderPageSchema = pageOf(salesOrderSummarySchema);

/** An order with its lines. */
export const salesOrderSchema = z
  .strictObject({
    ...head,
    customerEmail: z.string().nullable(),
    billingAddress: postalAddressSchema.nullable(),
    shippingAddress: postalAddressSchema.nullable(),
    note: z.string().nullable(),
    lines: z.array(salesOrderLineSchema),
  })
  .meta({ id: 'SalesOrder' });
