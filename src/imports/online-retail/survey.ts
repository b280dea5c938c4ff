import { type DocumentEffect, isService, stockChange } from './document.js';
import { type LineCounts, readDocuments } from './read-documents.js';
import type { RetailRow } from './row.js';

/** What the catalogue has to know of a stock code before the first document is imported. */
export interface SurveyedProduct {
  readonly sku: string;
  /** The first description that is not empty; else the code. */
  name: string;
  /** The first price that is not zero. */
  priceE4: bigint;
  /** Units that must be there at the start so that stock never goes below zero. */
  openingQuantity: number;
}

/** Who buys, by reference. */
export interface SurveyedCustomer {
  readonly externalRef: string;
  readonly name: string;
  readonly country: string;
}

/** What a pass over the whole file finds out. */
export interface Survey {
  readonly documents: number;
  readonly lines: number;
  /** Goods only, by exact stock code. */
  readonly products: ReadonlyMap<string, SurveyedProduct>;
  readonly customers: ReadonlyMap<string, SurveyedCustomer>;
  /** Local time of the first line; null for a file without good lines. */
  readonly first: string | null;
}

/** Under which reference the customer of a line is kept: lines without a customer share a cash customer per country. */
export function customerRef(row: RetailRow): string {
  return row.customerId ?? `cash:${row.country}`;
}

/**
 * Goes over the file in the very order in which it will be imported and plays the stock through.
 * @param imported documents that are in the books already and will be passed over
 */
export async function surveyFile(path: string, counts: LineCounts, imported: ReadonlySet<string>): Promise<Survey> {
  const products = new Map<string, SurveyedProduct>();
  const customers = new Map<string, SurveyedCustomer>();
  const onHand = new Map<string, number>();
  let documents = 0;
  let lines = 0;
  let first: string | null = null;
  for await (const { document } of readDocuments(path, counts)) {
    if (!document || imported.has(document.invoiceNo)) continue;
    documents += 1;
    lines += document.rows.length;
    for (const row of document.rows) {
      if (first === null || row.invoiceDate < first) first = row.invoiceDate;
      noteCustomer(customers, row);
      if (document.effect !== 'bad_debt' && !isService(row.stockCode))
        noteGoods(products, onHand, document.effect, row);
    }
  }
  return { documents, lines, products, customers, first };
}

function noteCustomer(customers: Map<string, SurveyedCustomer>, row: RetailRow): void {
  const externalRef = customerRef(row);
  if (customers.has(externalRef)) return;
  const name = row.customerId ? `Customer ${row.customerId}` : `Cash sales ${row.country}`;
  customers.set(externalRef, { externalRef, name, country: row.country });
}

function noteGoods(
  products: Map<string, SurveyedProduct>,
  onHand: Map<string, number>,
  effect: DocumentEffect,
  row: RetailRow,
): void {
  const sku = row.stockCode;
  const product = products.get(sku) ?? { sku, name: '', priceE4: 0n, openingQuantity: 0 };
  products.set(sku, product);
  if (product.name === '') product.name = row.description;
  if (product.priceE4 === 0n) product.priceE4 = row.unitPriceE4;
  const balance = (onHand.get(sku) ?? 0) + stockChange(effect, row);
  onHand.set(sku, balance);
  product.openingQuantity = Math.max(product.openingQuantity, -balance);
}
