import { dateSchema, instantSchema, moneySchema, pageOf, pageQuery, text, unitPriceSchema, uuid } from '#libs/http';
import { Money, QUANTITY_MAX, UnitPrice } from '#libs/kernel';
import { z } from 'zod';
import type { StockAdjustmentLine } from '../stock-adjustment-line.entity.js';
import type { StockAdjustment } from '../stock-adjustment.entity.js';
import type { RecordedStockAdjustment } from '../recorded-stock-adjustment.js';

/** Lines that one request may carry. */
const HTTP_LINES_MAX = 2_000;

const quantitySchema = z
  .int()
  .min(-QUANTITY_MAX)
  .max(QUANTITY_MAX)
  .refine((quantity) => quantity !== 0, { message: 'A line of 0 units corrects nothing' })
  .describe('Units found (positive) or lost (negative)');

/** An adjustment to be recorded. */
export const newStockAdjustmentSchema = z
  .strictObject({
    warehouseId: uuid,
    businessDate: dateSchema.optional().describe('Default: today, where the tenant is'),
    reference: text({ max: 100 }).optional().describe('E.g. the count sheet'),
    externalRef: text({ max: 100 }).optional().describe('Unique: the same adjustment is not recorded twice'),
    lines: z
      .array(
        z
          .strictObject({
            productId: uuid,
            quantity: quantitySchema,
            reason: text({ max: 200 }),
            unitCost: unitPriceSchema.optional().describe('Of units found. Default: the current average cost'),
          })
          .meta({ id: 'NewStockAdjustmentLine' }),
      )
      .min(1)
      .max(HTTP_LINES_MAX),
  })
  .meta({ id: 'NewStockAdjustment' });

/** An adjustment in a list. */
export const stockAdjustmentSchema = z
  .strictObject({
    id: uuid,
    warehouseId: uuid,
    businessDate: dateSchema,
    reference: z.string().nullable(),
    externalRef: z.string().nullable(),
    value: moneySchema.describe('Change of the value of the stock'),
    createdAt: instantSchema,
  })
  .meta({ id: 'StockAdjustment' });

/** An adjustment with its lines. */
export const stockAdjustmentDetailSchema = stockAdjustmentSchema
  .extend({
    lines: z.array(
      z
        .strictObject({
          id: uuid,
          lineNo: z.int(),
          productId: uuid,
          quantity: z.int(),
          reason: z.string(),
          unitCost: unitPriceSchema.nullable(),
          value: moneySchema,
        })
        .meta({ id: 'StockAdjustmentLine' }),
    ),
  })
  .meta({ id: 'StockAdjustmentDetail' });

/** Filters of the list. */
export const stockAdjustmentListQuery = pageQuery({
  warehouseId: uuid.optional(),
  externalRef: text({ max: 100 }).optional(),
});
export const stockAdjustmentPageSchema = pageOf(stockAdjustmentSchema);

/** The adjustment as lists answer it. */
export function presentStockAdjustment(adjustment: StockAdjustment): z.input<typeof stockAdjustmentSchema> {
  const { id, warehouseId, businessDate, reference, externalRef, valueMinor, currency, createdAt } = adjustment;
  const value = Money.of(valueMinor, currency).toJSON();
  return { id, warehouseId, businessDate, reference, externalRef, value, createdAt: createdAt.toISOString() };
}

/** The adjustment with its lines as the API answers it. */
export function presentRecordedAdjustment(
  recorded: RecordedStockAdjustment,
): z.input<typeof stockAdjustmentDetailSchema> {
  const { adjustment, lines } = recorded;
  return { ...presentStockAdjustment(adjustment), lines: lines.map((line) => presentLine(line, adjustment.currency)) };
}

function presentLine(line: StockAdjustmentLine, currency: string) {
  const { id, lineNo, productId, quantity, reason, unitCostE4, valueMinor } = line;
  const unitCost = unitCostE4 === null ? null : UnitPrice.of(unitCostE4, currency).toJSON();
  return { id, lineNo, productId, quantity, reason, unitCost, value: Money.of(valueMinor, currency).toJSON() };
}
