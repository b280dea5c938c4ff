import { z } from 'zod';
import { dateSchema, instantSchema, pageOf, uuid } from '#libs/http';
import { lineQuantitiesSchema } from '../../orders/http/sales-order-fields.schemas.js';
import type { SalesShipment } from '../sales-shipment.entity.js';

/** Body of `POST /v1/sales-orders/{id}/shipments`; may be left out. */
export const newShipmentSchema = z
  .strictObject({ lines: lineQuantitiesSchema.describe('Default: all goods that are reserved') })
  .meta({ id: 'NewSalesShipment' })
  .prefault({});

const shipmentLineSchema = z
  .strictObject({
    orderLineId: uuid,
    quantity: z.int().min(1),
    returned: z.int().min(0).describe('Came back since'),
  })
  .meta({ id: 'SalesShipmentLine' });

/** A shipment with its lines. */
export const shipmentSchema = z
  .strictObject({
    id: uuid,
    number: z.string(),
    orderId: uuid,
    warehouseId: uuid,
    shippedOn: dateSchema,
    createdAt: instantSchema,
    lines: z.array(shipmentLineSchema),
  })
  .meta({ id: 'SalesShipment' });

/** A page of shipments. */
export const shipmentPageSchema = pageOf(shipmentSchema);

/** A shipment as the API shows it. What it cost stays inside. */
export function presentShipment(shipment: SalesShipment): z.input<typeof shipmentSchema> {
  const { id, number, orderId, warehouseId, shippedOn } = shipment;
  const lines = shipment.lines.map(({ orderLineId, quantity, returned }) => ({ orderLineId, quantity, returned }));
  return { id, number, orderId, warehouseId, shippedOn, createdAt: shipment.createdAt.toISOString(), lines };
}
