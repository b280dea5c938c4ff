import { Money, TaxRate, UnitPrice } from '#libs/kernel';
import type { z } from 'zod';
import type { CreditNote } from '../credit-notes/credit-note.entity.js';
import type { Invoice } from '../invoices/invoice.entity.js';
import type {
  DocumentParty,
  SalesDocument,
  SalesDocumentLine,
  SalesDocumentTax,
} from '../invoices/sales-document.entity.js';
import type {
  creditNoteSchema,
  creditNoteSummarySchema,
  invoiceSchema,
  invoiceSummarySchema,
} from './invoicing.schemas.js';

/** An invoice in a list. */
export function presentInvoiceSummary(invoice: Invoice): z.input<typeof invoiceSummarySchema> {
  const { orderId, orderNumber, dueOn } = invoice;
  return { ...head(invoice), orderId, orderNumber, dueOn };
}

/** An invoice with lines and taxes. */
export function presentInvoice(invoice: Invoice): z.input<typeof invoiceSchema> {
  const { supplyOn, seller, buyer, currency } = invoice;
  return {
    ...presentInvoiceSummary(invoice),
    supplyOn,
    seller: party(seller),
    buyer: party(buyer),
    lines: invoice.lines.map((one) => ({
      ...line(one, currency),
      orderLineId: one.orderLineId,
      creditedQuantity: one.creditedQuantity,
      credited: money(one.creditedMinor, currency),
    })),
    taxes: invoice.taxes.map((one) => tax(one, currency)),
  };
}

/** A credit note in a list. */
export function presentCreditNoteSummary(note: CreditNote): z.input<typeof creditNoteSummarySchema> {
  const { invoiceId, reason, note: text, goodsReturned } = note;
  return { ...head(note), invoiceId, reason, note: text, goodsReturned };
}

/** A credit note with lines and taxes. */
export function presentCreditNote(note: CreditNote): z.input<typeof creditNoteSchema> {
  const { seller, buyer, currency } = note;
  return {
    ...presentCreditNoteSummary(note),
    seller: party(seller),
    buyer: party(buyer),
    lines: note.lines.map((one) => ({
      ...line(one, currency),
      invoiceLineId: one.invoiceLineId,
      goodsReturned: one.goodsReturned,
    })),
    taxes: note.taxes.map((one) => tax(one, currency)),
  };
}

function party(one: DocumentParty) {
  return { ...one, addressLines: [...one.addressLines] };
}

function head(document: SalesDocument) {
  const { id, number, externalRef, customerId, issuedOn, issuedAt, currency, priceMode } = document;
  return {
    id,
    number,
    externalRef,
    customerId,
    issuedOn,
    issuedAt: issuedAt.toISOString(),
    currency,
    priceMode,
    net: money(document.netMinor, currency),
    tax: money(document.taxMinor, currency),
    total: money(document.totalMinor, currency),
  };
}

function line(one: SalesDocumentLine, currency: string) {
  const { id, lineNo, kind, productId, sku, name, quantity, taxCode, taxRatePpm } = one;
  const unitPrice = UnitPrice.of(one.unitPriceE4, currency).toJSON();
  return {
    id,
    lineNo,
    kind,
    productId,
    sku,
    name,
    quantity,
    unitPrice,
    taxCode,
    taxRatePercent: TaxRate.ofPpm(taxRatePpm).toPercent(),
    amount: money(one.amountMinor, currency),
  };
}

function tax({ code, ratePpm, baseMinor, taxMinor }: SalesDocumentTax, currency: string) {
  return {
    code,
    ratePercent: TaxRate.ofPpm(ratePpm).toPercent(),
    base: money(baseMinor, currency),
    tax: money(taxMinor, currency),
  };
}

function money(minor: bigint, currency: string) {
  return Money.of(minor, currency).toJSON();
}
