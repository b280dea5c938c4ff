import type { InvoiceDocument, InvoiceDocumentLine } from '../invoice-document.js';

/** A line of 3 × 2.55 = 7.65 at 20 %. */
export function anInvoiceLine(overrides: Partial<InvoiceDocumentLine> = {}): InvoiceDocumentLine {
  return {
    position: 1,
    sku: '85123A',
    description: 'White hanging heart T-light holder',
    quantity: 3,
    unitPriceE4: 25_500n,
    taxCode: 'standard',
    ratePpm: 200_000,
    amountMinor: 765n,
    ...overrides,
  };
}

/** Three lines at two rates: net 107.15, tax 14.98, total 122.13 GBP. */
export function anInvoiceDocument(overrides: Partial<InvoiceDocument> = {}): InvoiceDocument {
  return {
    kind: 'invoice',
    number: 'INV-2026-000042',
    issuedAt: new Date('2026-11-20T09:30:00Z'),
    issueDate: '2026-11-20',
    supplyDate: '2026-11-19',
    dueDate: '2026-12-20',
    originalInvoice: null,
    orderNumber: 'SO-2026-000117',
    customerNumber: 'C-000007',
    currency: 'GBP',
    taxMode: 'net',
    seller: {
      name: 'Harbour Gifts Ltd',
      addressLines: ['12 Quay Street', 'Bristol BS1 4XX'],
      country: 'GB',
      taxNumber: 'GB 123 4567 89',
      email: 'accounts@harbour-gifts.example',
    },
    buyer: {
      name: 'Corner Shop & Sons',
      addressLines: ['3 High Street', 'Bath BA1 5AA'],
      country: 'GB',
      taxNumber: 'GB 987 6543 21',
      email: 'orders@corner-shop.example',
    },
    lines: [
      anInvoiceLine(),
      anInvoiceLine({
        position: 2,
        sku: '22423',
        description: 'Regency cakestand, 3 tiers',
        quantity: 5,
        unitPriceE4: 134_500n,
        amountMinor: 6_725n,
      }),
      anInvoiceLine({
        position: 3,
        sku: 'BOOK-01',
        description: 'The tea party cook book',
        quantity: 5,
        unitPriceE4: 64_500n,
        taxCode: 'zero',
        ratePpm: 0,
        amountMinor: 3_225n,
      }),
    ],
    taxes: [
      { code: 'standard', ratePpm: 200_000, baseMinor: 7_490n, taxMinor: 1_498n },
      { code: 'zero', ratePpm: 0, baseMinor: 3_225n, taxMinor: 0n },
    ],
    netMinor: 10_715n,
    taxMinor: 1_498n,
    totalMinor: 12_213n,
    paymentTerms: 'Payable within 30 days, by 20 Dec 2026.',
    remarks: null,
    closing: 'IBAN GB33 BUKB 2020 1555 5555 55 · BIC BUKBGB22\nThank you for your order.',
    ...overrides,
  };
}
