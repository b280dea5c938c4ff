import { Injectable } from '@nestjs/common';
import { LockOrderForBilling, RecordCredited, RecordReturned } from '#erp/sales';
import { UnitOfWork } from '#libs/database';
import { DocumentNumbers } from '../billing/document-numbers.js';
import type { Invoice, InvoiceLine } from '../invoices/invoice.entity.js';
import { InvoiceOvercredited } from '../invoices/invoice.errors.js';
import { InvoiceLocks } from '../invoices/invoice-locks.js';
import type { CreditNote } from './credit-note.entity.js';
import { CreditNoteTotalNegative } from './credit-note.errors.js';
import { CreditNoteLedger } from './credit-note-ledger.js';
import { draftCreditNote } from './draft-credit-note.js';
import type { NewCreditNote } from './new-credit-note.js';

/**
 * Credits lines of one invoice, wholly or in part, and takes goods back into stock at the cost they left with. All
 * credit notes of an invoice together are the invoice exactly, to the last minor unit of each tax.
 */
@Injectable()
export class IssueCreditNote {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly locks: InvoiceLocks,
    private readonly lockOrder: LockOrderForBilling,
    private readonly recordReturned: RecordReturned,
    private readonly recordCredited: RecordCredited,
    private readonly numbers: DocumentNumbers,
    private readonly ledger: CreditNoteLedger,
  ) {}

  /**
   * @throws InvoiceNotFound, InvoiceLineNotFound, InvoiceLineRepeated, InvoiceLineOvercredited,
   *   SalesOrderQuantityExceeded when more comes back than was shipped; InvoiceOvercredited, CreditNoteTotalNegative
   *   unless it credits a cancellation
   */
  async execute(input: NewCreditNote): Promise<CreditNote> {
    return this.unitOfWork.run(async () => {
      const returnsGoods = input.lines.some((line) => line.returnGoods);
      const orderId = await this.locks.orderOf(input.invoiceId);
      // Stock levels, then the order, then the invoice: everybody locks in this order.
      if (orderId) await this.lockOrder.execute(orderId, { returnsGoods });
      const invoice = await this.locks.lock(input.invoiceId);
      const note = draftCreditNote(invoice, input);
      // What was cancelled is credited as it was billed: the order has refused what must not be cancelled.
      if (input.reason !== 'cancellation') requireFair(note, invoice);
      if (orderId) await this.tellOrder(orderId, invoice, note);
      await this.numbers.stamp(note, 'credit_note');
      await this.ledger.write(note, invoice);
      return note;
    });
  }

  private async tellOrder(orderId: string, invoice: Invoice, note: CreditNote): Promise<void> {
    const orderLineOf = new Map(invoice.lines.map((line: InvoiceLine) => [line.id, line.orderLineId ?? '']));
    const lines = note.lines.map((line) => ({
      lineId: orderLineOf.get(line.invoiceLineId ?? '') ?? '',
      quantity: line.quantity,
      documentLineId: line.id,
      goodsReturned: line.goodsReturned,
    }));
    const returned = lines.filter((line) => line.goodsReturned);
    if (returned.length > 0) {
      const { number: reference } = invoice;
      await this.recordReturned.execute({ orderId, documentId: note.id, reference, lines: returned });
    }
    await this.recordCredited.execute({ orderId, lines });
  }
}

/** Discounts are lines of their own: crediting some lines and not others must not make either side richer. */
function requireFair(note: CreditNote, invoice: Invoice): void {
  if (note.totalMinor < 0n) throw new CreditNoteTotalNegative();
  const creditedMinor = invoice.taxes.reduce((sum, tax) => sum + tax.creditedBaseMinor + tax.creditedTaxMinor, 0n);
  if (creditedMinor > invoice.totalMinor) {
    throw new InvoiceOvercredited(invoice.number, creditedMinor, invoice.totalMinor);
  }
}
