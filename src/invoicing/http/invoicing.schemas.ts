import {
  currencySchema,
  dateSchema,
  instantSchema,
  moneySchema,
  pageOf,
  pageQuery,
  taxRatePercentSchema,
  text,
  unitPriceSchema,
  uuid,
} from '#libs/http';
import { QUANTITY_MAX } from '#libs/kernel';
import { z } from 'zod';
import { CREDIT_REASONS } from '../credit-notes/credit-note.entity.js';

const partySchema = z
  .strictObject({
    name: z.string(),
    number: z.string().nullable().describe('The customer’s number'),
    addressLines: z.array(z.string()),
    country: z.string(),
    taxNumber: z.string().nullable(),
    email: z.string().nullable(),
    footer: z.string().nullable(),
  })
  .meta({ id: 'DocumentParty' });

const taxSchema = z
  .strictObject({
    code: z.string(),
    ratePercent: taxRatePercentSchema,
    base: moneySchema,
    tax: moneySchema,
  })
  .meta({ id: 'DocumentTax' });

const head = {
  id: uuid,
  number: z.string(),
  externalRef: z.string().nullable(),
  customerId: uuid,
  issuedOn: dateSchema,
  issuedAt: instantSchema,
  currency: currencySchema,
  priceMode: z.enum(['net', 'gross']).describe('Whether prices and line amounts are without or with tax'),
  net: moneySchema,
  tax: moneySchema,
  total: moneySchema,
};

const line = {
  id: uuid,
  lineNo: z.number().int(),
  kind: z.enum(['goods', 'service']),
  productId: uuid.nullable(),
  sku: z.string(),
  name: z.string(),
  quantity: z.number().int(),
  unitPrice: unitPriceSchema,
  taxCode: z.string(),
  taxRatePercent: taxRatePercentSchema,
  amount: moneySchema,
};

const invoiceHead = { ...head, orderId: uuid.nullable(), orderNumber: z.string().nullable(), dueOn: dateSchema };

export const invoiceSummarySchema = z.strictObject(invoiceHead).meta({ id: 'InvoiceSummary' });
export const invoicePageSchema = pageOf(invoiceSummarySchema);
export const invoiceSchema = z
  .strictObject({
    ...invoiceHead,
    supplyOn: dateSchema,
    seller: partySchema,
    buyer: partySchema,
    lines: z.array(
      z.strictObject({
        ...line,
        orderLineId: uuid.nullable(),
        creditedQuantity: z.number().int(),
        credited: moneySchema,
      }),
    ),
    taxes: z.array(taxSchema),
  })
  .meta({ id: 'Invoice' });

export const invoiceListQuery = pageQuery({
  orderId: uuid.optional(),
  customerId: uuid.optional(),
  number: text({ max: 40 }).optional(),
  externalRef: text({ max: 200 }).optional(),
  issuedOn: dateSchema.optional(),
});

const creditNoteHead = {
  ...head,
  invoiceId: uuid.nullable(),
  reason: z.enum(CREDIT_REASONS),
  note: z.string().nullable(),
  goodsReturned: z.boolean(),
};

export const creditNoteSummarySchema = z.strictObject(creditNoteHead).meta({ id: 'CreditNoteSummary' });
export const creditNotePageSchema = pageOf(creditNoteSummarySchema);
export const creditNoteSchema = z
  .strictObject({
    ...creditNoteHead,
    seller: partySchema,
    buyer: partySchema,
    lines: z.array(z.strictObject({ ...line, invoiceLineId: uuid.nullable(), goodsReturned: z.boolean() })),
    taxes: z.array(taxSchema),
  })
  .meta({ id: 'CreditNote' });

export const creditNoteListQuery = pageQuery({
  invoiceId: uuid.optional(),
  customerId: uuid.optional(),
  number: text({ max: 40 }).optional(),
  externalRef: text({ max: 200 }).optional(),
});

/** Cancellations are credited by Quoin itself when an order is cancelled. */
export const newCreditNoteSchema = z
  .strictObject({
    invoiceId: uuid,
    reason: z.enum(['return', 'goodwill']),
    note: text({ max: 500 }).optional(),
    externalRef: text({ max: 200 }).optional(),
    lines: z
      .array(
        z.strictObject({
          invoiceLineId: uuid,
          quantity: z.number().int().min(1).max(QUANTITY_MAX),
          returnGoods: z.boolean().default(false).describe('The goods come back into stock'),
        }),
      )
      .min(1)
      .max(500),
  })
  .meta({ id: 'NewCreditNote' });

export const pdfLinkSchema = z
  .strictObject({
    url: z.url().describe('Anybody who has it can download the PDF until it expires'),
    expiresAt: instantSchema,
  })
  .meta({ id: 'DownloadLink' });
