import { DomainEvent } from '#libs/events';
import type { MovementKind, StockDocumentType } from './stock-movement.entity.js';

/** The document that moved stock. */
export interface StockDocument {
  readonly kind: MovementKind;
  readonly type: StockDocumentType;
  readonly id: string;
  readonly warehouseId: string;
  /** The tenant's local date it counts for. */
  readonly businessDate: string;
  /** What people call it: a delivery note, an order's number. */
  readonly reference: string | null;
}

/** A document moved stock, and the value of the stock with it. One event a document. */
export class StockMoved extends DomainEvent {
  static readonly type = 'inventory.stock.moved';
  readonly aggregateType: string;

  /** @param valueMinor change of the stock's value, signed, in minor units of `currency` */
  constructor(document: StockDocument, currency: string, valueMinor: bigint, occurredAt: Date) {
    const { kind, id, businessDate, reference } = document;
    const payload = {
      documentType: kind,
      documentId: id,
      businessDate,
      currency,
      valueMinor: String(valueMinor),
      reference,
    };
    super(id, payload, occurredAt);
    this.aggregateType = `inventory.${document.type}`;
  }
}
