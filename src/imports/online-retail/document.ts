import type { RejectedRow, RetailRow } from './row.js';

/** What becomes of a document of the source. */
export type DocumentEffect = 'sale' | 'adjustment' | 'cancellation' | 'bad_debt';

/** All good lines that carry one InvoiceNo. */
export interface RetailDocument {
  readonly invoiceNo: string;
  readonly effect: DocumentEffect;
  readonly rows: readonly RetailRow[];
}

const SERVICES = new Set(['POST', 'DOT', 'C2', 'D', 'M', 'm', 'S', 'B', 'BANK CHARGES', 'AMAZONFEE', 'CRUK', 'PADS']);

/** Postage, fees, discounts, vouchers: sold without stock (issue 2, section 6). */
export function isService(stockCode: string): boolean {
  return SERVICES.has(stockCode) || stockCode.startsWith('gift_0001_');
}

/**
 * Makes a document of its lines. Lines that contradict what the document is are rejected; the rest goes on.
 * @returns null when no line is left
 */
export function documentOf(rows: readonly RetailRow[]): {
  readonly document: RetailDocument | null;
  readonly rejected: readonly RejectedRow[];
} {
  const effect = effectOf(rows);
  const rejected = rows.flatMap((row) => {
    const reason = contradiction(effect, row);
    return reason ? [{ line: row.line, reason, fields: fieldsOf(row) }] : [];
  });
  const bad = new Set(rejected.map((one) => one.line));
  const good = rows.filter((row) => !bad.has(row.line));
  const [first] = good;
  return { document: first ? { invoiceNo: first.invoiceNo, effect, rows: good } : null, rejected };
}

function effectOf(rows: readonly RetailRow[]): DocumentEffect {
  const letter = rows[0]?.invoiceNo[0];
  if (letter === 'C') return 'cancellation';
  if (letter === 'A') return 'bad_debt';
  return rows.every((row) => row.unitPriceE4 === 0n && row.customerId === null) ? 'adjustment' : 'sale';
}

function contradiction(effect: DocumentEffect, row: RetailRow): string | undefined {
  if (effect === 'sale' && row.quantity < 0) return 'a sale has positive quantities';
  return undefined;
}

function fieldsOf(row: RetailRow): string[] {
  const { invoiceNo, stockCode, description, quantity, invoiceDate, unitPriceE4, customerId, country } = row;
  const price = `${unitPriceE4 / 10_000n}.${String(unitPriceE4 % 10_000n).padStart(4, '0')}`;
  return [invoiceNo, stockCode, description, String(quantity), invoiceDate, price, customerId ?? '', country];
}

/**
 * By how much a line moves stock: goods sold leave, goods cancelled come back, write-offs say so themselves. Services
 * and bad debts move nothing.
 */
export function stockChange(effect: DocumentEffect, row: RetailRow): number {
  if (effect === 'bad_debt' || isService(row.stockCode)) return 0;
  return effect === 'adjustment' ? row.quantity : -row.quantity;
}
