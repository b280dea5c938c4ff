import { Injectable } from '@nestjs/common';
import { RecordInvoiced, type SalesOrderDetails } from '#erp/sales';
import { UnitOfWork } from '#libs/database';
import { Outbox } from '#libs/events';
import { addDays, documentTotals, UnitPrice } from '#libs/kernel';
import { DocumentNumbers } from '../billing/document-numbers.js';
import { DocumentPartiesReader } from '../billing/document-parties.js';
import { Invoice, InvoiceLine, InvoiceTax } from './invoice.entity.js';
import { InvoiceIssued } from './invoice.events.js';
import { InvoicesRepository } from './invoices.repository.js';

/** Issues the invoice of an order that is locked for billing: what is ordered and not cancelled. */
@Injectable()
export class IssueInvoice {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly invoices: InvoicesRepository,
    private readonly parties: DocumentPartiesReader,
    private readonly numbers: DocumentNumbers,
    private readonly recordInvoiced: RecordInvoiced,
    private readonly outbox: Outbox,
  ) {}

  /**
   * @param order as it is under the lock of `LockOrderForBilling`
   * @returns null when nothing is left to bill
   */
  async execute(order: SalesOrderDetails): Promise<Invoice | null> {
    const invoice = draftInvoice(order);
    if (invoice.lines.length === 0) return null;
    return this.unitOfWork.run(async () => {
      const lines = invoice.lines.map((line) => ({ lineId: line.orderLineId ?? '', quantity: line.quantity }));
      // Independent of each other; the order is locked already, so the lock on the number still comes last.
      const [{ seller, buyer, paymentTermsDays }] = await Promise.all([
        this.parties.forOrder(order),
        this.recordInvoiced.execute({ orderId: order.id, lines }),
        this.numbers.stamp(invoice, 'invoice'),
      ]);
      Object.assign(invoice, { seller, buyer });
      invoice.supplyOn = order.orderedOn;
      invoice.dueOn = addDays(invoice.issuedOn, paymentTermsDays);
      this.invoices.insertWhole(invoice);
      await this.outbox.append(new InvoiceIssued(invoice));
      return invoice;
    });
  }
}

function draftInvoice(order: SalesOrderDetails): Invoice {
  const invoice = new Invoice();
  invoice.orderId = order.id;
  invoice.orderNumber = order.number;
  invoice.customerId = order.customerId;
  invoice.currency = order.currency;
  invoice.priceMode = order.priceMode;
  invoice.externalRef = order.externalRef;
  const billed = order.lines.filter((line) => line.ordered > line.cancelled);
  const totals = documentTotals({
    currency: order.currency,
    mode: order.priceMode,
    lines: billed.map((line) => ({
      quantity: line.ordered - line.cancelled,
      unitPrice: UnitPrice.of(line.unitPriceE4, order.currency),
      taxCode: line.taxCode,
      ratePpm: line.taxRatePpm,
    })),
  });
  invoice.netMinor = totals.netMinor;
  invoice.taxMinor = totals.taxMinor;
  invoice.totalMinor = totals.totalMinor;
  invoice.lines = billed.map((line, index) => {
    const { kind, productId, sku, name, unitPriceE4, taxCode, taxRatePpm } = line;
    const snapshot = { kind, productId, sku, name, unitPriceE4, taxCode, taxRatePpm };
    return Object.assign(new InvoiceLine(), snapshot, {
      invoiceId: invoice.id,
      orderLineId: line.id,
      lineNo: index + 1,
      quantity: line.ordered - line.cancelled,
      amountMinor: totals.lines[index]?.amountMinor ?? 0n,
    });
  });
  invoice.taxes = totals.taxes.map((tax) => Object.assign(new InvoiceTax(), tax, { invoiceId: invoice.id }));
  return invoice;
}
