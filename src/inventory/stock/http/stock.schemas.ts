import { dateSchema, instantSchema, moneySchema, pageOf, pageQuery, uuid } from '#libs/http';
import { Money } from '#libs/kernel';
import { z } from 'zod';
import type { StockLevel } from '../stock-level.entity.js';
import type { StockMovement } from '../stock-movement.entity.js';

const kindSchema = z.enum(['receipt', 'adjustment', 'shipment', 'return', 'opening']);
const documentTypeSchema = z.enum(['stock_receipt', 'stock_adjustment', 'sales_shipment', 'sales_return']);

/** What a warehouse holds of a product. */
export const stockLevelSchema = z
  .strictObject({
    id: uuid,
    productId: uuid,
    warehouseId: uuid,
    onHand: z.int().describe('Units that are there'),
    reserved: z.int().describe('Units of these that are promised to orders'),
    available: z.int().describe('On hand less reserved'),
    value: moneySchema.describe('What the units on hand cost'),
  })
  .meta({ id: 'StockLevel' });

/** One change of a level. */
export const stockMovementSchema = z
  .strictObject({
    id: uuid,
    recordedAt: instantSchema,
    businessDate: dateSchema,
    kind: kindSchema,
    productId: uuid,
    warehouseId: uuid,
    quantity: z.int().describe('Units in (positive) or out (negative)'),
    value: moneySchema.describe('Change of the value of the stock'),
    documentType: documentTypeSchema,
    documentId: uuid,
    lineId: uuid,
  })
  .meta({ id: 'StockMovement' });

/** Filters of the levels. */
export const stockLevelListQuery = pageQuery({ productId: uuid.optional(), warehouseId: uuid.optional() });
export const stockLevelPageSchema = pageOf(stockLevelSchema);

/** Filters of the movements. */
export const stockMovementListQuery = pageQuery({
  productId: uuid.optional(),
  warehouseId: uuid.optional(),
  kind: kindSchema.optional(),
  documentId: uuid.optional(),
});
export const stockMovementPageSchema = pageOf(stockMovementSchema);

/** The level as the API answers it. */
export function presentStockLevel(level: StockLevel, currency: string): z.input<typeof stockLevelSchema> {
  const { id, productId, warehouseId, onHand, reserved, available, valueMinor } = level;
  return { id, productId, warehouseId, onHand, reserved, available, value: Money.of(valueMinor, currency).toJSON() };
}

/** The movement as the API answers it. */
export function presentStockMovement(movement: StockMovement, currency: string): z.input<typeof stockMovementSchema> {
  const { id, recordedAt, businessDate, kind, productId, warehouseId, quantity, valueMinor } = movement;
  const { documentType, documentId, lineId } = movement;
  return {
    id,
    recordedAt: recordedAt.toISOString(),
    businessDate,
    kind,
    productId,
    warehouseId,
    quantity,
    value: Money.of(valueMinor, currency).toJSON(),
    documentType,
    documentId,
    lineId,
  };
}
