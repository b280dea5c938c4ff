import type { InvoiceDocument, InvoiceParty } from './invoice-document.js';
import { countryName, formatDate } from './invoice-format.js';
import { INK, PAGE, type Sheet, type TextStyle } from './sheet.js';

const SMALL: TextStyle = { sizePt: 8.5 };
const LABEL: TextStyle = { sizePt: 7.5, color: INK.soft };
const LINE_PT = 11.5;
const FACTS_LEFT = 340;
const FACT_VALUE_LEFT = 432;

/** `Invoice` or `Credit note`. */
export function titleOf({ kind }: InvoiceDocument): string {
  return kind === 'invoice' ? 'Invoice' : 'Credit note';
}

/** Seller, title, buyer and the facts of the document; leaves `y` where the lines begin. */
export function drawHead(sheet: Sheet, document: InvoiceDocument): void {
  sheet.text(titleOf(document), PAGE.right, PAGE.top - 4, {
    sizePt: 24,
    weight: 'bold',
    color: INK.accent,
    align: 'right',
  });
  sheet.text(document.number, PAGE.right, PAGE.top + 25, { sizePt: 11, align: 'right' });
  const sellerEnd = drawSeller(sheet, document.seller);
  sheet.y = Math.max(sellerEnd, PAGE.top + 48) + 12;
  sheet.rule(sheet.y, INK.accent, 1.2);
  const top = sheet.y + 14;
  sheet.y = Math.max(drawBuyer(sheet, document, top), drawFacts(sheet, document, top)) + 16;
}

function drawSeller(sheet: Sheet, seller: InvoiceParty): number {
  const widthPt = FACTS_LEFT - PAGE.left - 20;
  const name: TextStyle = { sizePt: 13, weight: 'bold' };
  let y = PAGE.top;
  for (const line of sheet.wrapped(seller.name, widthPt, name)) {
    sheet.text(line, PAGE.left, y, name);
    y += 17;
  }
  return drawLines(sheet, partyLines(seller), y + 1, widthPt);
}

function drawBuyer(sheet: Sheet, document: InvoiceDocument, top: number): number {
  const { buyer } = document;
  const widthPt = FACTS_LEFT - PAGE.left - 30;
  sheet.text(document.kind === 'invoice' ? 'BILL TO' : 'CREDIT TO', PAGE.left, top, LABEL);
  const name: TextStyle = { sizePt: 10.5, weight: 'bold' };
  let y = top + 12;
  for (const line of sheet.wrapped(buyer.name, widthPt, name)) {
    sheet.text(line, PAGE.left, y, name);
    y += 14;
  }
  return drawLines(sheet, partyLines(buyer), y + 1, widthPt);
}

function drawLines(sheet: Sheet, lines: readonly string[], top: number, widthPt: number): number {
  let y = top;
  for (const line of lines.flatMap((text) => sheet.wrapped(text, widthPt, SMALL))) {
    sheet.text(line, PAGE.left, y, SMALL);
    y += LINE_PT;
  }
  return y;
}

function partyLines({ addressLines, country, taxNumber, email }: InvoiceParty): string[] {
  const lines = [...addressLines, country === null ? '' : countryName(country)];
  const marked = [taxNumber === null ? '' : `Tax number: ${taxNumber}`, email === null ? '' : `E-mail: ${email}`];
  return [...lines, ...marked].filter((line) => line.trim() !== '');
}

function drawFacts(sheet: Sheet, document: InvoiceDocument, top: number): number {
  const value: TextStyle = { ...SMALL, weight: 'bold' };
  let y = top;
  for (const [label, text] of factsOf(document)) {
    sheet.text(label, FACTS_LEFT, y, { ...SMALL, color: INK.soft });
    for (const line of sheet.wrapped(text, PAGE.right - FACT_VALUE_LEFT, value)) {
      sheet.text(line, FACT_VALUE_LEFT, y, value);
      y += LINE_PT;
    }
    y += 2;
  }
  return y;
}

function factsOf(document: InvoiceDocument): [string, string][] {
  const original = document.originalInvoice;
  const facts: [string, string | null][] = [
    [`${titleOf(document)} number`, document.number],
    ['Issue date', formatDate(document.issueDate)],
    ['Supply date', document.supplyDate && formatDate(document.supplyDate)],
    ['Due date', document.dueDate && formatDate(document.dueDate)],
    ['Credits invoice', original && original.number],
    ['Invoice issued', original && formatDate(original.issueDate)],
    ['Order number', document.orderNumber],
    ['Customer number', document.customerNumber],
    ['Currency', document.currency],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== null && fact[1] !== '');
}
