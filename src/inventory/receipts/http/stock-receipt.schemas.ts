import { dateSchema, instantSchema, moneySchema, pageOf, pageQuery, text, unitPriceSchema, uuid } from '#libs/http';
import { Money, QUANTITY_MAX, UnitPrice } from '#libs/kernel';
import { z } from 'zod';
import type { StockReceiptLine } from '../stock-receipt-line.entity.js';
import type { StockReceipt } from '../stock-receipt.entity.js';
import type { RecordedStockReceipt } from '../recorded-stock-receipt.js';

/** Lines that one request may carry. */
const HTTP_LINES_MAX = 2_000;

const kindSchema = z.enum(['receipt', 'opening']).describe('`opening`: what was there when the books were opened');
const quantitySchema = z.int().min(1).max(QUANTITY_MAX);

/** A receipt to be recorded. */
export const newStockReceiptSchema = z
  .strictObject({
    kind: kindSchema.default('receipt'),
    warehouseId: uuid,
    businessDate: dateSchema.optional().describe('Default: today, where the tenant is'),
    reference: text({ max: 100 }).optional().describe('E.g. the supplier’s delivery note'),
    externalRef: text({ max: 100 }).optional().describe('Unique: the same receipt is not recorded twice'),
    lines: z
      .array(
        z
          .strictObject({ productId: uuid, quantity: quantitySchema, unitCost: unitPriceSchema })
          .meta({ id: 'NewStockReceiptLine' }),
      )
      .min(1)
      .max(HTTP_LINES_MAX),
  })
  .meta({ id: 'NewStockReceipt' });

/** A receipt in a list. */
export const stockReceiptSchema = z
  .strictObject({
    id: uuid,
    kind: kindSchema,
    warehouseId: uuid,
    businessDate: dateSchema,
    reference: z.string().nullable(),
    externalRef: z.string().nullable(),
    value: moneySchema,
    createdAt: instantSchema,
  })
  .meta({ id: 'StockReceipt' });

/** A receipt with its lines. */
export const stockReceiptDetailSchema = stockReceiptSchema
  .extend({
    lines: z.array(
      z
        .strictObject({
          id: uuid,
          lineNo: z.int(),
          productId: uuid,
          quantity: quantitySchema,
          unitCost: unitPriceSchema,
          value: moneySchema,
        })
        .meta({ id: 'StockReceiptLine' }),
    ),
  })
  .meta({ id: 'StockReceiptDetail' });

/** Filters of the list. */
export const stockReceiptListQuery = pageQuery({
  warehouseId: uuid.optional(),
  kind: kindSchema.optional(),
  externalRef: text({ max: 100 }).optional(),
});
export const stockReceiptPageSchema = pageOf(stockReceiptSchema);

/** The receipt as lists answer it. */
export function presentStockReceipt(receipt: StockReceipt): z.input<typeof stockReceiptSchema> {
  const { id, kind, warehouseId, businessDate, reference, externalRef, valueMinor, currency, createdAt } = receipt;
  const value = Money.of(valueMinor, currency).toJSON();
  return { id, kind, warehouseId, businessDate, reference, externalRef, value, createdAt: createdAt.toISOString() };
}

/** The receipt with its lines as the API answers it. */
export function presentRecordedReceipt(recorded: RecordedStockReceipt): z.input<typeof stockReceiptDetailSchema> {
  const { receipt, lines } = recorded;
  return { ...presentStockReceipt(receipt), lines: lines.map((line) => presentLine(line, receipt.currency)) };
}

function presentLine({ id, lineNo, productId, quantity, unitCostE4, valueMinor }: StockReceiptLine, currency: string) {
  const unitCost = UnitPrice.of(unitCostE4, currency).toJSON();
  return { id, lineNo, productId, quantity, unitCost, value: Money.of(valueMinor, currency).toJSON() };
}
