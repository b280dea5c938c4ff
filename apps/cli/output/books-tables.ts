import type { BooksReport, CheckedBooks, SkuFigures, TradeFigures } from '#erp/reporting';

/** Faults that are shown of each check; `--json` has more. */
const FAULTS_SHOWN = 5;
const SKUS_SHOWN = 10;

const TRADE_HEADINGS = ['invoices', 'lines', 'units', 'gross', 'cancelled', 'bad debt', 'net'] as const;
const SKU_HEADINGS = ['lines', 'units', 'net'] as const;

/** A report on a tenant's books, for people: the checks, trade by month and country, and what sold best. */
export function booksTables(tenant: string, report: BooksReport): string {
  const { total, by_month, by_country, by_sku } = report.totals;
  const period = total.first ? `${total.first.slice(0, 10)} to ${total.last?.slice(0, 10)}` : 'no trade yet';
  return [
    `Books of ${tenant}: ${report.ok ? 'right' : 'WRONG'} (${period})`,
    ...report.checks.flatMap(checkLines),
    outstanding(report),
    '',
    ...table('By month', TRADE_HEADINGS, trade(by_month, total)),
    '',
    ...table('By country', TRADE_HEADINGS, trade(by_country, total)),
    '',
    ...table(
      `By stock code, the best ${Math.min(SKUS_SHOWN, total.distinct_skus)} of ${total.distinct_skus}`,
      SKU_HEADINGS,
      best(by_sku),
    ),
  ].join('\n');
}

function checkLines({ name, faults }: CheckedBooks): string[] {
  const more = faults.length - FAULTS_SHOWN;
  return [
    `  ${faults.length === 0 ? '✓' : '✗'} ${name}`,
    ...faults.slice(0, FAULTS_SHOWN).map(({ code, message }) => `      ${message} (${code})`),
    ...(more > 0 ? [`      and ${more} more`] : []),
  ];
}

function outstanding({ outstanding: count, deadLetters }: BooksReport): string {
  if (count === 0) return '    Nothing is outstanding.';
  const dead = deadLetters > 0 ? `, ${deadLetters} of them dead letters (quoin dead-letters list)` : '';
  return `    ${count} deliveries of events are outstanding${dead}.`;
}

function trade(groups: Readonly<Record<string, TradeFigures>>, total: TradeFigures): string[][] {
  const cells = (name: string, figures: TradeFigures): string[] => [
    name,
    ...[figures.invoices, figures.lines, figures.units_net].map(String),
    figures.gross_revenue,
    figures.cancellations_value,
    figures.bad_debt_value,
    figures.net_revenue,
  ];
  return [...Object.entries(groups).map(([name, figures]) => cells(name, figures)), cells('Total', total)];
}

function best(skus: Readonly<Record<string, SkuFigures>>): string[][] {
  return Object.entries(skus)
    .map(([sku, figures]) => ({ sku, figures, worth: units(figures.net_revenue) }))
    .toSorted((a, b) => (a.worth === b.worth ? (a.sku < b.sku ? -1 : 1) : a.worth > b.worth ? -1 : 1))
    .slice(0, SKUS_SHOWN)
    .map(({ sku, figures }) => [sku, String(figures.lines), String(figures.qty_net), figures.net_revenue]);
}

/** Exact, for comparison: 1/10,000. */
function units(decimal: string): bigint {
  const [whole = '0', fraction = ''] = decimal.split('.');
  return BigInt(whole + fraction.padEnd(4, '0'));
}

/** The first column to the left, the others, which are numbers, to the right. */
function table(title: string, headings: readonly string[], rows: readonly string[][]): string[] {
  const all = [[title, ...headings], ...rows];
  const widths = [title, ...headings].map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
}
