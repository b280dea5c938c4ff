import { Column } from 'typeorm';
import { minorUnits, TenantEntity } from '#libs/database';
import type { TaxMode } from '#libs/kernel';

/** Who is on a document, as they were when it was issued. */
export interface DocumentParty {
  readonly name: string;
  /** The customer's number; null for the seller. */
  readonly number: string | null;
  readonly addressLines: readonly string[];
  readonly country: string;
  readonly taxNumber: string | null;
  readonly email: string | null;
  /** The seller's closing words; null for the buyer. */
  readonly footer: string | null;
}

/** What invoices and credit notes have in common. Issued once and never changed. */
export abstract class SalesDocument extends TenantEntity {
  /** `INV-2026-000001` or `CN-2026-000001`. */
  @Column({ type: 'text', update: false })
  number!: string;

  /** The tenant's local year in which it was issued; numbers count within it. */
  @Column({ type: 'smallint', update: false })
  year!: number;

  /** The counted part of the number: 1, 2, 3 … without gaps. */
  @Column({ type: 'integer', update: false })
  sequence!: number;

  @Column({ type: 'uuid', name: 'customer_id', update: false })
  customerId!: string;

  @Column({ type: 'text', update: false })
  status = 'issued' as const;

  /** The tenant's local date. */
  @Column({ type: 'date', name: 'issued_on', update: false })
  issuedOn!: string;

  @Column({ type: 'timestamptz', name: 'issued_at', update: false })
  issuedAt!: Date;

  @Column({ type: 'char', length: 3, update: false })
  currency!: string;

  @Column({ type: 'text', name: 'price_mode', update: false })
  priceMode!: TaxMode;

  @Column({ type: 'bigint', name: 'net_minor', transformer: minorUnits, update: false })
  netMinor!: bigint;

  @Column({ type: 'bigint', name: 'tax_minor', transformer: minorUnits, update: false })
  taxMinor!: bigint;

  @Column({ type: 'bigint', name: 'total_minor', transformer: minorUnits, update: false })
  totalMinor!: bigint;

  @Column({ type: 'jsonb', update: false })
  seller!: DocumentParty;

  @Column({ type: 'jsonb', update: false })
  buyer!: DocumentParty;

  /** The document's number in the system it was imported from; unique per tenant. */
  @Column({ type: 'text', name: 'external_ref', nullable: true, update: false })
  externalRef!: string | null;

  /** Where the PDF is; null until it was rendered. */
  @Column({ type: 'text', name: 'pdf_key', nullable: true })
  pdfKey: string | null = null;

  @Column({ type: 'timestamptz', name: 'pdf_rendered_at', nullable: true })
  pdfRenderedAt: Date | null = null;
}

/** What lines of both kinds of document have in common. */
export abstract class SalesDocumentLine extends TenantEntity {
  @Column({ type: 'integer', name: 'line_no', update: false })
  lineNo!: number;

  @Column({ type: 'text', update: false })
  kind!: 'goods' | 'service';

  @Column({ type: 'uuid', name: 'product_id', nullable: true, update: false })
  productId!: string | null;

  @Column({ type: 'text', update: false })
  sku!: string;

  @Column({ type: 'text', update: false })
  name!: string;

  @Column({ type: 'integer', update: false })
  quantity!: number;

  @Column({ type: 'bigint', name: 'unit_price_e4', transformer: minorUnits, update: false })
  unitPriceE4!: bigint;

  @Column({ type: 'text', name: 'tax_code', update: false })
  taxCode!: string;

  /** Parts per million. */
  @Column({ type: 'integer', name: 'tax_rate_ppm', update: false })
  taxRatePpm!: number;

  /** Rounded half-even once per line; without tax in mode `net`, with tax in `gross`. */
  @Column({ type: 'bigint', name: 'amount_minor', transformer: minorUnits, update: false })
  amountMinor!: bigint;
}

/** The tax of one code and rate on a document. */
export abstract class SalesDocumentTax extends TenantEntity {
  @Column({ type: 'text', update: false })
  code!: string;

  @Column({ type: 'integer', name: 'rate_ppm', update: false })
  ratePpm!: number;

  /** Without tax in both price modes. */
  @Column({ type: 'bigint', name: 'base_minor', transformer: minorUnits, update: false })
  baseMinor!: bigint;

  @Column({ type: 'bigint', name: 'tax_minor', transformer: minorUnits, update: false })
  taxMinor!: bigint;
}
