import type { InvoiceDocument, InvoiceDocumentLine } from './invoice-document.js';
import { formatAmount, formatQuantity, formatRate, formatUnitPrice } from './invoice-format.js';
import { titleOf } from './invoice-head.js';
import { INK, PAGE, type Sheet, type TextStyle } from './sheet.js';

const CELL: TextStyle = { sizePt: 8.5 };
const HEADER: TextStyle = { sizePt: 8, weight: 'bold', color: '#ffffff' };
const LINE_PT = 11;
const PADDING_PT = 4;
const GAP_PT = 9;
const HEADER_PT = 19;
const SKU_WIDTH_MAX = 78;
// So that any row fits on a page.
const ROW_LINES_MAX = 40;

/** A column: `x` is its left edge, or its right one when it holds figures. */
interface Column {
  readonly title: string;
  readonly x: number;
  readonly widthPt: number;
  readonly align: 'left' | 'right';
}

interface Row {
  readonly position: string;
  readonly sku: string;
  readonly description: string;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly tax: string;
  readonly amount: string;
}

type Columns = Readonly<Record<keyof Row, Column>>;

const TITLES: Row = {
  position: '#',
  sku: 'SKU',
  description: 'Description',
  quantity: 'Quantity',
  unitPrice: 'Unit price',
  tax: 'Tax',
  amount: 'Amount',
};
const FIGURES = ['quantity', 'unitPrice', 'tax', 'amount'] as const;

/** The table of lines; goes on over as many pages as it needs, each with the heads of the columns. */
export function drawLines(sheet: Sheet, document: InvoiceDocument): void {
  const rows = document.lines.map((line) => rowOf(line, document.currency));
  const columns = columnsFor(sheet, rows);
  drawHeader(sheet, columns);
  for (const row of rows) drawRow(sheet, document, columns, row);
  sheet.rule(sheet.y, INK.accent, 0.8);
}

/** Begins a further page of the document and says whose it is. */
export function continueOnNextPage(sheet: Sheet, document: InvoiceDocument): void {
  sheet.addPage();
  const title = `${titleOf(document)} ${document.number}`;
  sheet.text(`${title} (continued)`, PAGE.left, sheet.y, { sizePt: 9, weight: 'bold', color: INK.accent });
  sheet.text(document.seller.name, PAGE.right, sheet.y, { sizePt: 9, color: INK.soft, align: 'right' });
  sheet.y += 20;
}

function rowOf(line: InvoiceDocumentLine, currency: string): Row {
  return {
    position: String(line.position),
    sku: line.sku ?? '',
    description: line.description,
    quantity: formatQuantity(line.quantity),
    unitPrice: formatUnitPrice(line.unitPriceE4, currency),
    tax: formatRate(line.ratePpm, line.taxCode),
    amount: formatAmount(line.amountMinor, currency),
  };
}

/** Figures get the width they need, never wrapped; the description gets what is left. */
function columnsFor(sheet: Sheet, rows: readonly Row[]): Columns {
  const widest = (name: keyof Row): number =>
    rows.reduce((max, row) => Math.max(max, sheet.widthOf(row[name], CELL)), sheet.widthOf(TITLES[name], HEADER));
  const column = (name: keyof Row, x: number, widthPt: number, align: 'left' | 'right'): Column => ({
    title: TITLES[name],
    x,
    widthPt,
    align,
  });

  let right = PAGE.right - PADDING_PT;
  const figures = {} as Record<(typeof FIGURES)[number], Column>;
  for (const name of FIGURES.toReversed()) {
    const widthPt = widest(name);
    figures[name] = column(name, right, widthPt, 'right');
    right -= widthPt + GAP_PT;
  }
  const position = column('position', PAGE.left + PADDING_PT, widest('position'), 'left');
  const skuLeft = position.x + position.widthPt + GAP_PT;
  const sku = column('sku', skuLeft, Math.min(widest('sku'), SKU_WIDTH_MAX), 'left');
  const descriptionLeft = sku.x + sku.widthPt + GAP_PT;
  const description = column('description', descriptionLeft, right - descriptionLeft, 'left');
  return { position, sku, description, ...figures };
}

function drawHeader(sheet: Sheet, columns: Columns): void {
  sheet.band(PAGE.left, sheet.y, PAGE.right - PAGE.left, HEADER_PT, INK.accent);
  for (const { title, x, align } of Object.values(columns)) {
    sheet.text(title, x, sheet.y + 5, { ...HEADER, align });
  }
  sheet.y += HEADER_PT;
}

function drawRow(sheet: Sheet, document: InvoiceDocument, columns: Columns, row: Row): void {
  const description = shortened(sheet.wrapped(row.description, columns.description.widthPt, CELL));
  const sku = shortened(sheet.wrapped(row.sku, columns.sku.widthPt, CELL));
  const lines = Math.max(description.length, sku.length);
  const needed = lines * LINE_PT + 2 * PADDING_PT;
  if (!sheet.hasRoom(needed)) {
    continueOnNextPage(sheet, document);
    drawHeader(sheet, columns);
  }
  const top = sheet.y + PADDING_PT;
  for (const name of ['position', ...FIGURES] as const) {
    sheet.text(row[name], columns[name].x, top, { ...CELL, align: columns[name].align });
  }
  sku.forEach((line, index) => sheet.text(line, columns.sku.x, top + index * LINE_PT, CELL));
  description.forEach((line, index) => sheet.text(line, columns.description.x, top + index * LINE_PT, CELL));
  sheet.y += needed;
  sheet.rule(sheet.y);
}

function shortened(lines: string[]): string[] {
  return lines.length <= ROW_LINES_MAX ? lines : [...lines.slice(0, ROW_LINES_MAX - 1), '…'];
}
