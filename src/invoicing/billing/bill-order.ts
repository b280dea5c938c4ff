import { Injectable } from '@nestjs/common';
import { LockOrderForBilling, type SalesOrderDetails } from '#erp/sales';
import { UnitOfWork } from '#libs/database';
import type { CreditNote } from '../credit-notes/credit-note.entity.js';
import { CreditNoteLinesRepository } from '../credit-notes/credit-notes.repository.js';
import { IssueCreditNote } from '../credit-notes/issue-credit-note.js';
import type { CreditedLine } from '../credit-notes/new-credit-note.js';
import type { Invoice } from '../invoices/invoice.entity.js';
import { InvoicesRepository } from '../invoices/invoices.repository.js';
import { IssueInvoice } from '../invoices/issue-invoice.js';

/** What billing an order came to. */
export interface Billing {
  /** The order's invoice, issued now or before; null when nothing was ever to be billed. */
  readonly invoice: Invoice | null;
  /** Issued now for what was cancelled after the invoice. */
  readonly creditNote: CreditNote | null;
}

/**
 * Brings an order's invoicing to where its quantities are: issues the invoice for what is ordered and not cancelled, or
 * credits what was cancelled after it was invoiced. The end is the same in whichever order confirmation and
 * cancellation arrive, and doing it again does nothing.
 */
@Injectable()
export class BillOrder {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly lockOrder: LockOrderForBilling,
    private readonly invoices: InvoicesRepository,
    private readonly creditNoteLines: CreditNoteLinesRepository,
    private readonly issueInvoice: IssueInvoice,
    private readonly issueCreditNote: IssueCreditNote,
  ) {}

  /** @throws SalesOrderNotFound */
  async execute(orderId: string): Promise<Billing> {
    return this.unitOfWork.run(async () => {
      const order = await this.lockOrder.execute(orderId);
      const known = await this.invoices.findByOrder(orderId);
      if (!known) return { invoice: await this.issueInvoice.execute(order), creditNote: null };
      await this.invoices.complete([known]);
      return { invoice: known, creditNote: await this.creditCancelled(order, known) };
    });
  }

  private async creditCancelled(order: SalesOrderDetails, invoice: Invoice): Promise<CreditNote | null> {
    const credited = await this.creditNoteLines.cancelledQuantities(invoice.lines.map((line) => line.id));
    const orderLines = new Map(order.lines.map((line) => [line.id, line]));
    const lines: CreditedLine[] = invoice.lines.flatMap((line) => {
      const ordered = orderLines.get(line.orderLineId ?? '');
      if (!ordered) return [];
      // What was cancelled before the invoice is not on it.
      const cancelledSince = ordered.cancelled - (ordered.ordered - line.quantity);
      const due = Math.min(cancelledSince - (credited.get(line.id) ?? 0), line.creditable);
      return due > 0 ? [{ invoiceLineId: line.id, quantity: due, returnGoods: false }] : [];
    });
    if (lines.length === 0) return null;
    return this.issueCreditNote.execute({ invoiceId: invoice.id, reason: 'cancellation', lines });
  }
}
