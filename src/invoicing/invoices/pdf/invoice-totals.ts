import type { InvoiceDocument } from './invoice-document.js';
import { formatAmount, formatRate, isTaxStated } from './invoice-format.js';
import { titleOf } from './invoice-head.js';
import { continueOnNextPage } from './invoice-lines.js';
import { INK, PAGE, type Sheet, type TextStyle } from './sheet.js';

const CELL: TextStyle = { sizePt: 8.5 };
const SOFT: TextStyle = { ...CELL, color: INK.soft };
const ROW_PT = 15;
const TOTAL_PT = 24;

/** The taxes per rate on the left, the totals on the right, never torn apart from each other. */
export function drawTotals(sheet: Sheet, document: InvoiceDocument): void {
  const needed = 30 + Math.max((document.taxes.length + 2) * ROW_PT, 2 * ROW_PT + TOTAL_PT);
  if (!sheet.hasRoom(needed)) continueOnNextPage(sheet, document);
  sheet.y += 6;
  sheet.text(modeOf(document), PAGE.left, sheet.y, SOFT);
  const top = sheet.y + 20;
  sheet.y = Math.max(drawTaxes(sheet, document, top), drawSums(sheet, document, top)) + 10;
}

function modeOf({ taxMode, currency }: InvoiceDocument): string {
  const tax = taxMode === 'net' ? 'do not include tax (net prices)' : 'include tax (gross prices)';
  return `Unit prices and line amounts ${tax}. All amounts are in ${currency}.`;
}

function drawTaxes(sheet: Sheet, document: InvoiceDocument, top: number): number {
  const { taxes, currency } = document;
  const amounts = taxes.flatMap((tax) => [tax.baseMinor, tax.taxMinor]).map((minor) => formatAmount(minor, currency));
  const widthPt = Math.max(58, ...amounts.map((amount) => sheet.widthOf(amount, CELL))) + 8;
  const [rate, base, tax] = [PAGE.left + 120, PAGE.left + 120 + widthPt, PAGE.left + 120 + 2 * widthPt];
  const header: TextStyle = { sizePt: 8, weight: 'bold' };
  const heads: [string, number][] = [
    ['Rate', rate],
    ['Taxable amount', base],
    ['Tax', tax],
  ];
  sheet.text('Tax', PAGE.left, top, header);
  for (const [title, x] of heads) sheet.text(title, x, top, { ...header, align: 'right' });
  let y = top + ROW_PT;
  for (const row of taxes) {
    const figures: [string, number][] = [
      [isTaxStated(row.code) ? formatRate(row.ratePpm, row.code) : '–', rate],
      [formatAmount(row.baseMinor, currency), base],
      [formatAmount(row.taxMinor, currency), tax],
    ];
    sheet.text(sheet.wrapped(taxName(row.code), 84, CELL)[0] ?? '', PAGE.left, y, CELL);
    for (const [text, x] of figures) sheet.text(text, x, y, { ...CELL, align: 'right' });
    y += ROW_PT;
  }
  return y;
}

/** `standard` → `Standard`, `zero_rated` → `Zero rated`. */
function taxName(code: string): string {
  const words = code.replace(/[-_]+/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function drawSums(sheet: Sheet, document: InvoiceDocument, top: number): number {
  const { currency, netMinor, taxMinor, totalMinor } = document;
  const total: TextStyle = { sizePt: 11, weight: 'bold', color: INK.accent };
  const label = document.kind === 'invoice' ? 'Total' : 'Total credit';
  const totalText = `${currency} ${formatAmount(totalMinor, currency)}`;
  const widthPt = Math.max(190, sheet.widthOf(label, total) + sheet.widthOf(totalText, total) + 32);
  const [left, right] = [PAGE.right - widthPt, PAGE.right - 6];
  const sums: [string, bigint][] = [
    ['Net amount', netMinor],
    ['Tax', taxMinor],
  ];
  let y = top;
  for (const [name, minor] of sums) {
    sheet.text(name, left + 6, y, SOFT);
    sheet.text(formatAmount(minor, currency), right, y, { ...CELL, align: 'right' });
    y += ROW_PT;
  }
  sheet.band(left, y, widthPt, TOTAL_PT, INK.band);
  sheet.text(label, left + 6, y + 6, total);
  sheet.text(totalText, right, y + 6, { ...total, align: 'right' });
  return y + TOTAL_PT;
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
