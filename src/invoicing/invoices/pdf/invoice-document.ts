import type { TaxMode } from '#libs/kernel';

/** Who sells or buys, as it stands on the document. */
export interface InvoiceParty {
  readonly name: string;
  /** Street, place, region, in the order to print; without the country. */
  readonly addressLines: readonly string[];
  /** ISO 3166-1 alpha-2 (printed as the country's English name), or a name as it was given. */
  readonly country: string | null;
  readonly taxNumber: string | null;
  readonly email: string | null;
}

/** One line, as it was issued. */
export interface InvoiceDocumentLine {
  readonly position: number;
  readonly sku: string | null;
  readonly description: string;
  /** Whole units. */
  readonly quantity: number | bigint;
  /** 1/10,000 of the currency's major unit. */
  readonly unitPriceE4: bigint;
  readonly taxCode: string;
  /** Parts per million. */
  readonly ratePpm: number;
  /** Without tax in mode `net`, with tax in `gross`. */
  readonly amountMinor: bigint;
}

/** The tax of one code and rate. */
export interface InvoiceDocumentTax {
  readonly code: string;
  readonly ratePpm: number;
  /** Without tax in both modes. */
  readonly baseMinor: bigint;
  readonly taxMinor: bigint;
}

/**
 * Everything that an invoice or a credit note says: what EU and UK law ask of an invoice (Directive 2006/112/EC,
 * art. 226) and what people need to pay it. Pure data; amounts are positive on a credit note too. Nothing is calculated
 * from it: what is printed is what is in here.
 */
export interface InvoiceDocument {
  readonly kind: 'invoice' | 'credit_note';
  readonly number: string;
  /** The instant of issue; also the file's creation date. */
  readonly issuedAt: Date;
  /** `YYYY-MM-DD`, the seller's local date. */
  readonly issueDate: string;
  /** `YYYY-MM-DD`: when goods or services were supplied. */
  readonly supplyDate: string | null;
  /** `YYYY-MM-DD`: when it is to be paid. */
  readonly dueDate: string | null;
  /** The invoice that a credit note credits, where one is known. */
  readonly originalInvoice: { readonly number: string; readonly issueDate: string } | null;
  readonly orderNumber: string | null;
  readonly customerNumber: string | null;
  /** ISO 4217. */
  readonly currency: string;
  readonly taxMode: TaxMode;
  readonly seller: InvoiceParty;
  readonly buyer: InvoiceParty;
  readonly lines: readonly InvoiceDocumentLine[];
  readonly taxes: readonly InvoiceDocumentTax[];
  readonly netMinor: bigint;
  readonly taxMinor: bigint;
  readonly totalMinor: bigint;
  /** One sentence, e.g. `Payable within 30 days.` */
  readonly paymentTerms: string | null;
  /** Free words of the document, e.g. why something is credited; line breaks are kept. */
  readonly remarks: string | null;
  /** The seller's closing words: bank details, register, thanks; line breaks are kept. */
  readonly closing: string | null;
}
