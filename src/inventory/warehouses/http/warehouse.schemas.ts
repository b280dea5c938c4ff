import { instantSchema, pageOf, pageQuery, text, uuid } from '#libs/http';
import { z } from 'zod';
import type { Warehouse } from '../warehouse.entity.js';

const codeSchema = z
  .string()
  .regex(/^[A-Z0-9][A-Z0-9-]{0,19}$/)
  .describe('Short and unique: A–Z, 0–9 and -');

const statusSchema = z.enum(['active', 'archived']);

const addressSchema = z
  .strictObject({
    line1: text({ max: 200 }),
    line2: text({ max: 200 }).optional(),
    city: text({ max: 100 }),
    region: text({ max: 100 }).optional(),
    postalCode: text({ max: 20 }).optional(),
    country: text({ max: 60 }).describe('ISO 3166-1 alpha-2, or as people write it'),
  })
  .meta({ id: 'WarehouseAddress' });

/** A warehouse as it is answered. */
export const warehouseSchema = z
  .strictObject({
    id: uuid,
    code: codeSchema,
    name: z.string(),
    address: addressSchema.nullable(),
    status: statusSchema.describe('An archived warehouse takes nothing in'),
    createdAt: instantSchema,
    updatedAt: instantSchema,
  })
  .meta({ id: 'Warehouse' });

/** What a new warehouse needs. */
export const newWarehouseSchema = z
  .strictObject({ code: codeSchema, name: text({ max: 120 }), address: addressSchema.nullable().optional() })
  .meta({ id: 'NewWarehouse' });

/** What may change of one. */
export const warehouseChangeSchema = z
  .strictObject({
    code: codeSchema.optional(),
    name: text({ max: 120 }).optional(),
    address: addressSchema.nullable().optional(),
    status: statusSchema.optional(),
  })
  .meta({ id: 'WarehouseChange' });

/** Filters of the list. */
export const warehouseListQuery = pageQuery({ status: statusSchema.optional(), code: codeSchema.optional() });
export const warehousePageSchema = pageOf(warehouseSchema);

/** The warehouse as the API answers it. */
export function presentWarehouse(warehouse: Warehouse): z.input<typeof warehouseSchema> {
  const { id, code, name, address, status, createdAt, updatedAt } = warehouse;
  return { id, code, name, address, status, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}
