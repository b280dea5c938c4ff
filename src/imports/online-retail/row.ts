import { isBusinessDate } from '#libs/kernel';

/** One line of the file, checked. */
export interface RetailRow {
  /** Number in the file; the heading is line 1. */
  readonly line: number;
  readonly invoiceNo: string;
  readonly stockCode: string;
  /** Trimmed; empty where the source is. */
  readonly description: string;
  readonly quantity: number;
  /** As given: local time in London. */
  readonly invoiceDate: string;
  readonly unitPriceE4: bigint;
  /** Null for lines without a customer. */
  readonly customerId: string | null;
  readonly country: string;
}

/** A line that cannot be imported, and why. */
export interface RejectedRow {
  readonly line: number;
  readonly reason: string;
  readonly fields: readonly string[];
}

/** The columns that are needed; others are passed over. */
export const COLUMNS = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
  'Country',
] as const;

/** A line's fields, by column. */
export type RawRow = Readonly<Record<(typeof COLUMNS)[number], string>>;

const INVOICE_NO = /^[CA]?\d{1,12}$/;
const WHOLE = /^-?\d{1,9}$/;
const PRICE = /^(-?)(\d{1,12})(?:\.(\d{1,4}))?$/;
const INSTANT = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2}))?$/;
// As the data set was first published: month/day/year.
const AMERICAN = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2})$/;

/** The row, or the reason why it is none. */
export function checkRow(line: number, raw: RawRow): RetailRow | string {
  const quantity = WHOLE.test(raw.Quantity) ? Number(raw.Quantity) : undefined;
  const unitPriceE4 = priceOf(raw.UnitPrice);
  const invoiceDate = instantOf(raw.InvoiceDate);
  const country = raw.Country.trim();
  const stockCode = raw.StockCode.trim();
  if (!INVOICE_NO.test(raw.InvoiceNo)) return `InvoiceNo "${raw.InvoiceNo}" is not a number, C… or A…`;
  if (stockCode === '' || stockCode.length > 64) return 'StockCode must have 1 to 64 characters';
  if (quantity === undefined || quantity === 0) return `Quantity "${raw.Quantity}" is not a whole number other than 0`;
  if (unitPriceE4 === undefined) return `UnitPrice "${raw.UnitPrice}" is not a decimal with at most 4 places`;
  if (invoiceDate === undefined)
    return `InvoiceDate "${raw.InvoiceDate}" is neither YYYY-MM-DDTHH:MM:SS nor M/D/YYYY H:MM`;
  if (country === '' || country.length > 60) return 'Country must have 1 to 60 characters';
  const kindFault = kindMismatch(raw.InvoiceNo, quantity, unitPriceE4);
  if (kindFault) return kindFault;
  return {
    line,
    invoiceNo: raw.InvoiceNo,
    stockCode,
    description: raw.Description.trim().slice(0, 200),
    quantity,
    invoiceDate,
    unitPriceE4,
    customerId: raw.CustomerID.trim().replace(/\.0$/, '') || null,
    country,
  };
}

function kindMismatch(invoiceNo: string, quantity: number, priceE4: bigint): string | undefined {
  if (invoiceNo.startsWith('C') && quantity > 0) return 'a cancellation has negative quantities';
  if (priceE4 < 0n && !invoiceNo.startsWith('A')) return 'only bad debts (A…) have negative prices';
  return undefined;
}

function priceOf(text: string): bigint | undefined {
  const match = PRICE.exec(text.trim());
  if (!match) return undefined;
  const [, sign, whole = '0', fraction = ''] = match;
  const e4 = BigInt(whole) * 10_000n + BigInt(fraction.padEnd(4, '0'));
  return sign ? -e4 : e4;
}

function instantOf(text: string): string | undefined {
  const iso = INSTANT.exec(text.trim());
  if (iso) return instant(iso[1], iso[2], iso[3], iso[4], iso[5], iso[6]);
  const american = AMERICAN.exec(text.trim());
  return american ? instant(american[3], american[1], american[2], american[4], american[5]) : undefined;
}

function instant(year = '', month = '', day = '', hour = '', minute = '', second = '00'): string | undefined {
  const two = (part: string): string => part.padStart(2, '0');
  const date = `${year}-${two(month)}-${two(day)}`;
  const exists = isBusinessDate(date) && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
  return exists ? `${date}T${two(hour)}:${minute}:${second}` : undefined;
}
