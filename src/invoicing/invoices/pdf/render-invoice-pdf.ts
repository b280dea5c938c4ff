import type { InvoiceDocument } from './invoice-document.js';
import { drawHead, titleOf } from './invoice-head.js';
import { drawLines } from './invoice-lines.js';
import { drawClosing, drawTotals } from './invoice-totals.js';
import { INK, PAGE, Sheet, type TextStyle } from './sheet.js';

const FOOTER: TextStyle = { sizePt: 7.5, color: INK.soft };

/**
 * Renders an invoice or a credit note as an A4 PDF (requirement E7). Pure: the same document gives the same bytes, and
 * nothing is calculated, so what is printed is what was issued. Throws `RangeError` for a date that is none and
 * `UnknownCurrency`.
 *
 * `compress: false` leaves the content readable in the raw file, for tests.
 */
export async function renderInvoicePdf(document: InvoiceDocument, { compress = true } = {}): Promise<Buffer> {
  const title = `${titleOf(document)} ${document.number}`;
  const sheet = new Sheet({ title, createdAt: document.issuedAt, compress });
  drawHead(sheet, document);
  drawLines(sheet, document);
  drawTotals(sheet, document);
  drawClosing(sheet, document);
  sheet.onEveryPage((page, pages) => drawFooter(sheet, document, `Page ${page} of ${pages}`));
  return sheet.finish();
}

function drawFooter(sheet: Sheet, document: InvoiceDocument, page: string): void {
  const { name, taxNumber } = document.seller;
  const seller = taxNumber === null ? name : `${name} · Tax number: ${taxNumber}`;
  const y = PAGE.bottom + 16;
  sheet.rule(y - 6);
  const [line = '', ...rest] = sheet.wrapped(seller, 300, FOOTER);
  sheet.text(rest.length === 0 ? line : `${line} …`, PAGE.left, y, FOOTER);
  sheet.text(`${titleOf(document)} ${document.number} · ${page}`, PAGE.right, y, { ...FOOTER, align: 'right' });
}
