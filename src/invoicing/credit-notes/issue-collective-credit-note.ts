import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { taxTotals, type TaxTotals, UnitPrice } from '#libs/kernel';
import { DocumentNumbers } from '../billing/document-numbers.js';
import { DocumentPartiesReader } from '../billing/document-parties.js';
import type { Invoice } from '../invoices/invoice.entity.js';
import { InvoiceLineNotFound } from '../invoices/invoice.errors.js';
import { InvoiceLocks } from '../invoices/invoice-locks.js';
import { CreditNote, CreditNoteLine } from './credit-note.entity.js';
import { PriceModesMixed } from './credit-note.errors.js';
import { CreditNoteLedger } from './credit-note-ledger.js';
import { CreditedOrders } from './credited-orders.js';
import { creditedTotals, creditLine, setTotals, taxedAmount } from './draft-credit-note.js';
import type { FreeCreditLine, NewCollectiveCreditNote } from './new-credit-note.js';

/**
 * Credits lines of any number of a customer's invoices, and lines for which no invoice can be found. Goods of known
 * lines come back at the cost they left with. All invoices must have the same price mode, which the note takes over.
 */
@Injectable()
export class IssueCollectiveCreditNote {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly locks: InvoiceLocks,
    private readonly parties: DocumentPartiesReader,
    private readonly numbers: DocumentNumbers,
    private readonly ledger: CreditNoteLedger,
    private readonly orders: CreditedOrders,
  ) {}

  /** @throws InvoiceLineNotFound, InvoiceLineOvercredited, PriceModesMixed, SalesOrderQuantityExceeded */
  async execute(input: NewCollectiveCreditNote): Promise<CreditNote> {
    return this.unitOfWork.run(async () => {
      const linked = input.lines.flatMap((line) => ('invoiceLineId' in line ? [line.invoiceLineId] : []));
      const heads = await this.locks.invoicesOfLines(linked);
      await this.orders.lock(heads);
      const invoices = await this.locks.lockAll(heads.map((invoice) => invoice.id));
      const note = this.draft(input, invoices);
      const { seller, buyer } = await this.parties.forCustomer(input.customerId);
      Object.assign(note, { seller, buyer });
      await this.orders.tell(note, invoices);
      await this.numbers.stamp(note, 'credit_note');
      await this.ledger.write(note, ...invoices);
      return note;
    });
  }

  private draft(input: NewCollectiveCreditNote, invoices: readonly Invoice[]): CreditNote {
    const note = new CreditNote();
    note.invoiceId = invoices.length === 1 ? (invoices[0]?.id ?? null) : null;
    note.customerId = input.customerId;
    note.reason = input.reason;
    note.note = input.note ?? null;
    note.externalRef = input.externalRef ?? null;
    note.currency = currentTenant().currency;
    note.priceMode = invoices[0]?.priceMode ?? 'net';
    const known = new Map(invoices.flatMap((invoice) => invoice.lines).map((line) => [line.id, line]));
    note.lines = input.lines.map((line, index) => {
      if (!('invoiceLineId' in line)) return freeLine(note.id, index + 1, line, note.currency);
      const invoiced = known.get(line.invoiceLineId);
      if (!invoiced) throw new InvoiceLineNotFound(line.invoiceLineId);
      return creditLine(note.id, index + 1, invoiced, line.quantity, line.returnGoods);
    });
    note.goodsReturned = note.lines.some((line) => line.goodsReturned);
    setTotals(note, ...totalsOf(note, invoices));
    return note;
  }
}

function freeLine(creditNoteId: string, lineNo: number, line: FreeCreditLine, currency: string): CreditNoteLine {
  const amountMinor = UnitPrice.of(line.unitPriceE4, currency).extend(line.quantity).minor;
  return Object.assign(new CreditNoteLine(), line, { creditNoteId, lineNo, invoiceLineId: null, amountMinor });
}

/** One total for each invoice that is credited, and one for what has none. */
function totalsOf(note: CreditNote, invoices: readonly Invoice[]): TaxTotals[] {
  const totals = invoices.map((invoice) => {
    if (invoice.priceMode !== note.priceMode) throw new PriceModesMixed();
    const ids = new Set(invoice.lines.map((line) => line.id));
    return creditedTotals(
      invoice,
      note.lines.filter((line) => line.invoiceLineId && ids.has(line.invoiceLineId)),
    );
  });
  const free = note.lines.filter((line) => line.invoiceLineId === null);
  return [...totals, taxTotals({ mode: note.priceMode, lines: free.map(taxedAmount) })];
}
