import { type TaxedAmount, type TaxTotal, taxTotals, type TaxTotals } from '#libs/kernel';
import type { Invoice, InvoiceLine } from '../invoices/invoice.entity.js';
import { InvoiceLineNotFound, InvoiceLineRepeated } from '../invoices/invoice.errors.js';
import { CreditNote, CreditNoteLine, CreditNoteTax } from './credit-note.entity.js';
import type { CreditedLine, NewCreditNote } from './new-credit-note.js';

/** A credit note against one invoice, not numbered yet; what it credits is taken off the invoice in memory. */
export function draftCreditNote(invoice: Invoice, input: NewCreditNote): CreditNote {
  const note = new CreditNote();
  note.invoiceId = invoice.id;
  note.customerId = invoice.customerId;
  note.reason = input.reason;
  note.note = input.note ?? null;
  note.externalRef = input.externalRef ?? null;
  note.currency = invoice.currency;
  note.priceMode = invoice.priceMode;
  note.seller = invoice.seller;
  note.buyer = invoice.buyer;
  note.lines = creditLines(note.id, invoice, input.lines);
  note.goodsReturned = note.lines.some((line) => line.goodsReturned);
  setTotals(note, creditedTotals(invoice, note.lines));
  return note;
}

function creditLines(creditNoteId: string, invoice: Invoice, requested: readonly CreditedLine[]): CreditNoteLine[] {
  const byId = new Map(invoice.lines.map((line) => [line.id, line]));
  const seen = new Set<string>();
  return requested.map(({ invoiceLineId, quantity, returnGoods }, index) => {
    const line = byId.get(invoiceLineId);
    if (!line) throw new InvoiceLineNotFound(invoiceLineId);
    if (seen.has(invoiceLineId)) throw new InvoiceLineRepeated(invoiceLineId);
    seen.add(invoiceLineId);
    return creditLine(creditNoteId, index + 1, line, quantity, returnGoods);
  });
}

/** Takes so much off an invoice line; gives the line of the credit note. @throws InvoiceLineOvercredited */
export function creditLine(
  creditNoteId: string,
  lineNo: number,
  line: InvoiceLine,
  quantity: number,
  returnGoods: boolean,
): CreditNoteLine {
  const { kind, productId, sku, name, unitPriceE4, taxCode, taxRatePpm } = line;
  return Object.assign(new CreditNoteLine(), {
    creditNoteId,
    lineNo,
    invoiceLineId: line.id,
    kind,
    productId,
    sku,
    name,
    unitPriceE4,
    taxCode,
    taxRatePpm,
    quantity,
    amountMinor: line.credit(quantity),
    goodsReturned: returnGoods && kind === 'goods',
  });
}

/** The totals of lines that credit one invoice; their tax is taken off the invoice in memory. */
export function creditedTotals(invoice: Invoice, lines: readonly CreditNoteLine[]): TaxTotals {
  const totals = taxTotals({
    mode: invoice.priceMode,
    lines: lines.map(taxedAmount),
    alreadyCredited: invoice.taxes.map((tax) => ({
      code: tax.code,
      ratePpm: tax.ratePpm,
      baseMinor: tax.creditedBaseMinor,
      taxMinor: tax.creditedTaxMinor,
    })),
  });
  for (const tax of totals.taxes) takeOff(invoice, tax);
  return totals;
}

/** What a line adds to the totals. */
export function taxedAmount({ amountMinor, taxCode, taxRatePpm }: CreditNoteLine): TaxedAmount {
  return { amountMinor, taxCode, ratePpm: taxRatePpm };
}

/** Writes the sum of totals onto the note: one tax per code and rate. */
export function setTotals(note: CreditNote, ...parts: readonly TaxTotals[]): void {
  const taxes = new Map<string, CreditNoteTax>();
  for (const { code, ratePpm, baseMinor, taxMinor } of parts.flatMap((part) => part.taxes)) {
    const key = `${ratePpm} ${code}`;
    const sum = taxes.get(key) ?? Object.assign(new CreditNoteTax(), { code, ratePpm, baseMinor: 0n, taxMinor: 0n });
    taxes.set(key, Object.assign(sum, { creditNoteId: note.id }));
    sum.baseMinor += baseMinor;
    sum.taxMinor += taxMinor;
  }
  note.taxes = [...taxes.values()];
  note.netMinor = parts.reduce((sum, part) => sum + part.netMinor, 0n);
  note.taxMinor = parts.reduce((sum, part) => sum + part.taxMinor, 0n);
  note.totalMinor = note.netMinor + note.taxMinor;
}

function takeOff(invoice: Invoice, credited: TaxTotal): void {
  const invoiced = invoice.taxes.find((tax) => tax.code === credited.code && tax.ratePpm === credited.ratePpm);
  if (!invoiced) throw new Error(`invoice ${invoice.number} has no tax ${credited.code} at ${credited.ratePpm} ppm`);
  invoiced.creditedBaseMinor += credited.baseMinor;
  invoiced.creditedTaxMinor += credited.taxMinor;
}
