import type { InvoiceDocument } from './invoice-document.js';
import { formatAmount, formatRate, isTaxStated } from './invoice-format.js';
import { titleOf } from './invoice-head.js';
import { continueOnNextPage } from './invoice-lines.js';
import { INK, PAGE, type Sheet, type TextStyle } from './sheet.js';

const CELL: TextStyle = { sizePt: 8.5 };
const SOFT: TextStyle = { ...CELL, color: INK.soft };
const ROW_PT = 15;
const TOTAL_PT = 24;
const SUMS_PT = 2 * ROW_PT + TOTAL_PT;
const TAX_NAME_PT = 90;
const HEAD: TextStyle = { sizePt: 8, weight: 'bold' };
const TOTAL: TextStyle = { sizePt: 11, weight: 'bold', color: INK.accent };

/** The taxes per rate on the left, the totals on the right, never torn apart from each other. */
export function drawTotals(sheet: Sheet, document: InvoiceDocument): void {
  const taxes = taxTable(sheet, document);
  const sumsLeft = PAGE.right - sumsWidth(sheet, document);
  const sideBySide = PAGE.left + taxes.widthPt + 16 <= sumsLeft;
  const taxesPt = taxes.rows.length * ROW_PT;
  const needed = 36 + (sideBySide ? Math.max(taxesPt, SUMS_PT) : taxesPt + SUMS_PT + ROW_PT);
  if (!sheet.hasRoom(needed)) continueOnNextPage(sheet, document);
  sheet.y += 6;
  sheet.text(modeOf(document), PAGE.left, sheet.y, SOFT);
  sheet.y += 20;
  drawTaxes(sheet, taxes);
  const sumsTop = sideBySide ? sheet.y : sheet.y + taxesPt + ROW_PT;
  drawSums(sheet, document, sumsLeft, sumsTop);
  sheet.y = Math.max(sheet.y + taxesPt, sumsTop + SUMS_PT) + 8;
}

function modeOf({ taxMode, currency }: InvoiceDocument): string {
  const tax = taxMode === 'net' ? 'do not include tax (net prices)' : 'include tax (gross prices)';
  return `Unit prices and line amounts ${tax}. All amounts are in ${currency}.`;
}

/** Cells by row, the heads first, and the right edges of the columns of figures. */
interface TaxTable {
  readonly rows: readonly (readonly [string, ...string[]])[];
  readonly rights: readonly number[];
  readonly widthPt: number;
}

function taxTable(sheet: Sheet, { taxes, currency }: InvoiceDocument): TaxTable {
  const rows: [string, ...string[]][] = [
    ['Tax', 'Rate', 'Taxable amount', 'Tax amount'],
    ...taxes.map((tax): [string, ...string[]] => [
      sheet.wrapped(taxName(tax.code), TAX_NAME_PT, CELL)[0] ?? '',
      isTaxStated(tax.code) ? formatRate(tax.ratePpm, tax.code) : '–',
      formatAmount(tax.baseMinor, currency),
      formatAmount(tax.taxMinor, currency),
    ]),
  ];
  let right = PAGE.left + TAX_NAME_PT;
  const rights = [1, 2, 3].map((column) => {
    right += Math.max(...rows.map((row, index) => sheet.widthOf(row[column] ?? '', index === 0 ? HEAD : CELL))) + 14;
    return right;
  });
  return { rows, rights, widthPt: right - PAGE.left };
}

function drawTaxes(sheet: Sheet, { rows, rights }: TaxTable): void {
  rows.forEach(([name, ...figures], index) => {
    const style = index === 0 ? HEAD : CELL;
    const y = sheet.y + index * ROW_PT;
    sheet.text(name, PAGE.left, y, style);
    figures.forEach((figure, column) => sheet.text(figure, rights[column] ?? 0, y, { ...style, align: 'right' }));
  });
}

/** `standard` → `Standard`, `zero_rated` → `Zero rated`. */
function taxName(code: string): string {
  const words = code.replace(/[-_]+/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function drawSums(sheet: Sheet, document: InvoiceDocument, left: number, top: number): void {
  const { currency, netMinor, taxMinor } = document;
  const right = PAGE.right - 6;
  const sums: [string, bigint][] = [
    ['Net amount', netMinor],
    ['Tax', taxMinor],
  ];
  sums.forEach(([name, minor], index) => {
    sheet.text(name, left + 6, top + index * ROW_PT, SOFT);
    sheet.text(formatAmount(minor, currency), right, top + index * ROW_PT, { ...CELL, align: 'right' });
  });
  const y = top + sums.length * ROW_PT;
  const { label, amount } = totalOf(document);
  sheet.band(left, y, PAGE.right - left, TOTAL_PT, INK.band);
  sheet.text(label, left + 6, y + 6, TOTAL);
  sheet.text(amount, right, y + 6, { ...TOTAL, align: 'right' });
}

function sumsWidth(sheet: Sheet, document: InvoiceDocument): number {
  const { label, amount } = totalOf(document);
  return Math.max(190, sheet.widthOf(label, TOTAL) + sheet.widthOf(amount, TOTAL) + 32);
}

function totalOf({ kind, currency, totalMinor }: InvoiceDocument): { label: string; amount: string } {
  const label = kind === 'invoice' ? 'Total' : 'Total credit';
  return { label, amount: `${currency} ${formatAmount(totalMinor, currency)}` };
}

/** Terms, remarks and the seller's closing words, each paragraph's lines as they were written. */
export function drawClosing(sheet: Sheet, document: InvoiceDocument): void {
  const paragraphs: [string, string | null][] = [
    ['Payment terms', document.paymentTerms],
    ['Remarks', document.remarks],
    ['', document.closing],
  ];
  for (const [title, text] of paragraphs)
    if (text !== null && text.trim() !== '') drawParagraph(sheet, document, title, text);
  if (sheet.lacksCharacters) {
    const text = `\ufffd stands for a character that cannot be printed here; the record of ${titleOf(document).toLowerCase()} ${document.number} has it.`;
    drawParagraph(sheet, document, '', text);
  }
}

function drawParagraph(sheet: Sheet, document: InvoiceDocument, title: string, text: string): void {
  const lines = text.split(/\r?\n/).flatMap((line) => sheet.wrapped(line, PAGE.right - PAGE.left, CELL));
  sheet.y += 8;
  if (title !== '') drawParagraphLine(sheet, document, title, { sizePt: 8, weight: 'bold' });
  for (const line of lines) drawParagraphLine(sheet, document, line, CELL);
}

function drawParagraphLine(sheet: Sheet, document: InvoiceDocument, line: string, style: TextStyle): void {
  if (!sheet.hasRoom(12)) continueOnNextPage(sheet, document);
  sheet.text(line, PAGE.left, sheet.y, style);
  sheet.y += 12;
}
