/** Figures of all trade, a month or a country, under the names of the published truth files. Amounts are decimal strings. */
export interface TradeFigures {
  /** Documents: invoices, credit notes and bad debts. */
  readonly invoices: number;
  readonly invoices_sale: number;
  readonly invoices_cancellation: number;
  readonly invoices_bad_debt: number;
  readonly lines: number;
  readonly lines_sale: number;
  readonly lines_cancellation: number;
  readonly lines_bad_debt: number;
  readonly units_net: number;
  readonly units_sale: number;
  readonly units_cancellation: number;
  readonly units_bad_debt: number;
  /** Quantity × unit price of sales, exact: not rounded per line. */
  readonly gross_revenue: string;
  readonly gross_revenue_positive_lines_only: string;
  /** Negative. */
  readonly cancellations_value: string;
  readonly bad_debt_value: string;
  /** The sum of the three. */
  readonly net_revenue: string;
  readonly net_revenue_line_rounded_half_even: string;
  readonly net_revenue_line_rounded_half_up: string;
  /** Compared exactly. */
  readonly distinct_skus: number;
  readonly distinct_skus_casefolded: number;
  /** Cash customers are not counted. */
  readonly distinct_customers: number;
  /** Local time of the first line, `YYYY-MM-DDTHH:MM:SS`; null without trade. */
  readonly first: string | null;
  readonly last: string | null;
}

/** Figures of one stock code, compared exactly. */
export interface SkuFigures {
  readonly lines: number;
  readonly qty_net: number;
  readonly qty_sale: number;
  /** Negative. */
  readonly qty_cancel: number;
  readonly net_revenue: string;
}

/** All figures of a tenant's trade. */
export interface TradeTotals {
  readonly total: TradeFigures;
  /** By `YYYY-MM`. */
  readonly by_month: Readonly<Record<string, TradeFigures>>;
  /** By country as written on the documents. */
  readonly by_country: Readonly<Record<string, TradeFigures>>;
  readonly by_sku: Readonly<Record<string, SkuFigures>>;
}

/** A row of figures as PostgreSQL gives it: whole and decimal numbers as text. */
export interface FiguresRow {
  readonly scope: 'total' | 'month' | 'country' | 'sku';
  readonly key: string;
  readonly figures: Readonly<Record<string, string | null>>;
}

/** The order in which figures are written. */
const TRADE_FIGURES: readonly (keyof TradeFigures)[] = [
  'invoices',
  'invoices_sale',
  'invoices_cancellation',
  'invoices_bad_debt',
  'lines',
  'lines_sale',
  'lines_cancellation',
  'lines_bad_debt',
  'units_net',
  'units_sale',
  'units_cancellation',
  'units_bad_debt',
  'gross_revenue',
  'gross_revenue_positive_lines_only',
  'cancellations_value',
  'bad_debt_value',
  'net_revenue',
  'net_revenue_line_rounded_half_even',
  'net_revenue_line_rounded_half_up',
  'distinct_skus',
  'distinct_skus_casefolded',
  'distinct_customers',
  'first',
  'last',
];
const SKU_FIGURES: readonly (keyof SkuFigures)[] = ['lines', 'qty_net', 'qty_sale', 'qty_cancel', 'net_revenue'];

const AMOUNTS: ReadonlySet<string> = new Set([
  'gross_revenue',
  'gross_revenue_positive_lines_only',
  'cancellations_value',
  'bad_debt_value',
  'net_revenue',
  'net_revenue_line_rounded_half_even',
  'net_revenue_line_rounded_half_up',
]);
const TIMES: ReadonlySet<string> = new Set(['first', 'last']);

/** Puts rows together, months, countries and stock codes in the order in which they come. */
export function tradeTotals(rows: readonly FiguresRow[]): TradeTotals {
  const of = <T>(scope: FiguresRow['scope'], names: readonly (keyof T & string)[]): [string, T][] =>
    rows.filter((row) => row.scope === scope).map((row) => [row.key, read(row.figures, names)]);
  const [total] = of('total', TRADE_FIGURES);
  if (!total) throw new Error('totals of trade come with a row for all of it, empty or not');
  return {
    total: total[1],
    by_month: Object.fromEntries(of('month', TRADE_FIGURES)),
    by_country: Object.fromEntries(of('country', TRADE_FIGURES)),
    by_sku: Object.fromEntries(of('sku', SKU_FIGURES)),
  };
}

function read<T>(figures: FiguresRow['figures'], names: readonly (keyof T & string)[]): T {
  return Object.fromEntries(names.map((name) => [name, value(name, figures[name] ?? null)])) as T;
}

function value(name: string, text: string | null): string | number | null {
  if (TIMES.has(name)) return text;
  if (text === null) throw new Error(`the figure ${name} is missing`);
  if (AMOUNTS.has(name)) return atLeastTwoDecimals(text);
  const count = Number(text);
  if (!Number.isSafeInteger(count)) throw new RangeError(`${name} is ${text}: more than can be written as a number`);
  return count;
}

/** `1.5000` → `1.50`, `0.0010` → `0.001`, `7` → `7.00`. */
export function atLeastTwoDecimals(decimal: string): string {
  const [whole = '0', fraction = ''] = decimal.split('.');
  return `${whole}.${fraction.replace(/0+$/, '').padEnd(2, '0')}`;
}
