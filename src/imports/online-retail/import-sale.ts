import { Injectable } from '@nestjs/common';
import { BillOrder, PrepareBilling } from '#erp/invoicing';
import { type NewOrderLine, PlaceSalesOrder, ShipSalesOrder } from '#erp/sales';
import { currentTenant } from '#libs/context';
import { UnitPrice } from '#libs/kernel';
import { isService, type RetailDocument } from './document.js';
import { type ImportContext, known, TAX_NOT_STATED } from './import-context.js';
import type { RetailRow } from './row.js';
import { customerRef } from './survey.js';
import type { DocumentOutcome } from './document-outcome.js';

/** An invoice of the source: ordered, confirmed, shipped and invoiced in one go. */
@Injectable()
export class ImportSale {
  constructor(
    private readonly placeOrder: PlaceSalesOrder,
    private readonly shipOrder: ShipSalesOrder,
    private readonly prepareBilling: PrepareBilling,
    private readonly billOrder: BillOrder,
  ) {}

  async execute(document: RetailDocument, context: ImportContext): Promise<DocumentOutcome> {
    const [first] = document.rows;
    const customerId = known(context.customerIds, first ? customerRef(first) : '');
    this.prepareBilling.read(customerId);
    const placing = this.placeOrder.execute({
      customerId,
      warehouseId: context.warehouseId,
      confirm: true,
      externalRef: document.invoiceNo,
      lines: document.rows.map((row) => orderLine(row, context)),
    });
    // Behind the order's own first statements, in their round trip.
    this.prepareBilling.takeNumber('invoice');
    const placed = await placing;
    await this.shipOrder.execute({ orderId: placed.id });
    const { invoice } = await this.billOrder.execute(placed.id);
    if (!invoice) throw new Error(`no invoice came of ${document.invoiceNo}`);
    const invoiceLines = new Map(invoice.lines.map((line) => [line.orderLineId, line.id]));
    return {
      effect: 'invoice',
      effectId: invoice.id,
      lineIds: placed.lines.map((line) => invoiceLines.get(line.id) ?? null),
    };
  }
}

function orderLine(row: RetailRow, context: ImportContext): NewOrderLine {
  const unitPrice = UnitPrice.of(row.unitPriceE4, currentTenant().currency);
  const line = { quantity: row.quantity, unitPrice, name: row.description || row.stockCode, ...TAX_NOT_STATED };
  if (isService(row.stockCode)) return { ...line, sku: row.stockCode };
  return { ...line, productId: known(context.productIds, row.stockCode) };
}
