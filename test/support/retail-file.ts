import { writeFileSync } from 'node:fs';
import type { Chance } from './chance.js';
import { type RetailDocument, type RetailKind, type RetailLine, RetailTrade } from './retail-trade.js';

/** What books must say of a generated file, under the names of the reports; counted from what was written. */
export interface RetailFacts {
  readonly path: string;
  readonly documents: number;
  readonly total: {
    readonly invoices_sale: number;
    readonly invoices_cancellation: number;
    readonly invoices_bad_debt: number;
    readonly lines: number;
    readonly units_sale: number;
    readonly units_cancellation: number;
    readonly gross_revenue: string;
    readonly cancellations_value: string;
    readonly bad_debt_value: string;
    readonly distinct_skus: number;
    readonly distinct_customers: number;
  };
  /** Lines that cannot be imported. */
  readonly malformed: number;
}

const HEADING = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';

/** Writes so many documents in the form of the public "Online Retail" data, and lines that nobody can import among them. */
export function writeRetailFile(path: string, chance: Chance, documentCount: number): RetailFacts {
  const documents = new RetailTrade(chance).documents(documentCount);
  const rows = torn(documents).map(csv);
  const bad = malformed(documents);
  for (const row of bad) rows.splice(chance.between(1, rows.length), 0, row);
  writeFileSync(path, `${[HEADING, ...rows].join('\r\n')}\r\n`);
  return factsOf(path, documents, bad.length);
}

/** Line after line; one document is not in one piece. */
function torn(documents: readonly RetailDocument[]): RetailLine[] {
  const victim = documents.findIndex(({ lines }, index) => index > 0 && lines.length > 3);
  return documents.flatMap(({ lines }, index) => {
    if (index === victim) return lines.slice(0, 2);
    const rest = index === victim + 1 ? (documents[victim]?.lines.slice(2) ?? []) : [];
    return [...lines, ...rest];
  });
}

/** Each for another reason. The last one stands in a good sale, of which the rest goes on. */
function malformed(documents: readonly RetailDocument[]): string[] {
  const sale = documents.find(({ kind }) => kind === 'sale')?.lines[0]?.invoiceNo ?? '';
  const of = (changed: Record<string, string>) =>
    Object.values({
      invoiceNo: '900001',
      sku: '22001',
      description: 'GIFT',
      quantity: '1',
      date: '2010-12-01T08:30:00',
      price: '1.25',
      customer: '12346',
      country: 'EIRE',
      ...changed,
    }).join(',');
  return [
    of({ invoiceNo: 'X123' }),
    of({ sku: '' }),
    of({ quantity: 'six' }),
    of({ quantity: '0' }),
    of({ date: '2010-13-45T08:00:00' }),
    of({ price: 'free' }),
    of({ price: '-1.25' }),
    of({ country: '' }),
    of({ invoiceNo: 'C900002' }),
    '900003,22001,TOO SHORT',
    of({ invoiceNo: sale, quantity: '-3' }),
  ];
}

function csv({ invoiceNo, sku, description, quantity, date, priceE4, customer, country }: RetailLine): string {
  const quoted = /[",]/.test(description) ? `"${description.replaceAll('"', '""')}"` : description;
  return [invoiceNo, sku, quoted, quantity, date, decimal(priceE4), customer, country].join(',');
}

function factsOf(path: string, documents: readonly RetailDocument[], bad: number): RetailFacts {
  const of = (...kinds: RetailKind[]) => documents.filter(({ kind }) => kinds.includes(kind));
  const linesOf = (...kinds: RetailKind[]) => of(...kinds).flatMap(({ lines }) => lines);
  const units = (lines: readonly RetailLine[]) => lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const value = (lines: readonly RetailLine[]) =>
    decimal(lines.reduce((sum, { quantity, priceE4 }) => sum + quantity * priceE4, 0));
  const all = documents.flatMap(({ lines }) => lines);
  const sold = linesOf('sale', 'write_off');
  return {
    path,
    documents: documents.length,
    total: {
      invoices_sale: of('sale', 'write_off').length,
      invoices_cancellation: of('cancellation').length,
      invoices_bad_debt: of('bad_debt').length,
      lines: all.length,
      units_sale: units(sold),
      units_cancellation: units(linesOf('cancellation')),
      gross_revenue: value(sold),
      cancellations_value: value(linesOf('cancellation')),
      bad_debt_value: value(linesOf('bad_debt')),
      distinct_skus: new Set(all.map(({ sku }) => sku)).size,
      distinct_customers: new Set(all.map(({ customer }) => customer).filter(Boolean)).size,
    },
    malformed: bad,
  };
}

/** 1/10,000 as a decimal with two places, or as many as it needs. */
function decimal(e4: number): string {
  const digits = String(Math.abs(e4)).padStart(5, '0');
  const fraction = digits.slice(-4).replace(/0+$/, '').padEnd(2, '0');
  return `${e4 < 0 ? '-' : ''}${digits.slice(0, -4)}.${fraction}`;
}
