import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ImportFileUnreadable } from '../ledger/imports.errors.js';
import { countLines, readDocuments } from './read-documents.js';
import { surveyFile } from './survey.js';

const HEADING = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const folder = mkdtempSync(join(tmpdir(), 'quoin-retail-'));

function file(name: string, lines: readonly string[], heading = HEADING): string {
  const path = join(folder, name);
  const text = [heading, ...lines].join('\n');
  writeFileSync(path, name.endsWith('.gz') ? gzipSync(text) : text);
  return path;
}

const line = (invoice: string, code: string, quantity: number, price = '2.00', customer = '1') =>
  `${invoice},${code},"A ""fine"", thing",${quantity},2010-12-01T08:26:00,${price},${customer},EIRE`;

async function survey(path: string, imported: ReadonlySet<string> = new Set()) {
  return surveyFile(path, await countLines(path), imported);
}

it('finds the opening stock that keeps every code from going below zero, in the order of the import', async () => {
  const path = file('opening.csv', [
    line('1', 'A', 5),
    line('C2', 'A', -5),
    line('3', 'A', 7),
    line('4', 'A', -3, '0', ''),
    line('5', 'a', 1),
    line('6', 'POST', 9),
  ]);
  const { products, documents, lines } = await survey(path);
  expect({ documents, lines }).toEqual({ documents: 6, lines: 6 });
  expect([...products.values()].map(({ sku, openingQuantity }) => [sku, openingQuantity])).toEqual([
    ['A', 10],
    ['a', 1],
  ]);
});

it('looks past documents that are in the books already', async () => {
  const path = file('resume.csv', [line('1', 'A', 5), line('2', 'A', 4)]);
  expect((await survey(path, new Set(['1']))).products.get('A')?.openingQuantity).toBe(4);
});

it('puts a document together that is not contiguous, and reads gzip', async () => {
  const path = file('split.csv.gz', [line('1', 'A', 1), line('2', 'B', 1), line('1', 'C', 1)]);
  const documents = [];
  for await (const { document } of readDocuments(path, await countLines(path))) {
    documents.push([document?.invoiceNo, document?.rows.map((row) => row.stockCode).join('')]);
  }
  expect(documents).toEqual([
    ['2', 'B'],
    ['1', 'AC'],
  ]);
});

it('reports bad lines with their number and goes on', async () => {
  const path = file('bad.csv', [line('1', 'A', 1), '2,B', line('3', 'C', 0), line('4', 'D', 1)]);
  const seen: unknown[] = [];
  for await (const { document, rejected } of readDocuments(path, await countLines(path))) {
    seen.push(document?.invoiceNo ?? `line ${rejected?.line}`);
  }
  expect(seen).toEqual(['1', 'line 3', 'line 4', '4']);
});

it('shares a cash customer per country among lines without a customer', async () => {
  const { customers } = await survey(file('cash.csv', [line('1', 'A', 1, '1', ''), line('2', 'A', 1, '1', '7')]));
  expect([...customers.values()]).toEqual([
    { externalRef: 'cash:EIRE', name: 'Cash sales EIRE', country: 'EIRE' },
    { externalRef: '7', name: 'Customer 7', country: 'EIRE' },
  ]);
});

it('says in one sentence why a file cannot be imported', async () => {
  await expect(survey(join(folder, 'missing.csv'))).rejects.toBeInstanceOf(ImportFileUnreadable);
  await expect(survey(file('other.csv', ['1'], 'a'))).rejects.toThrow('InvoiceNo');
  await expect(survey(file('empty.csv', [], ''))).rejects.toThrow('empty');
  writeFileSync(join(folder, 'not.csv.gz'), 'plain text');
  await expect(survey(join(folder, 'not.csv.gz'))).rejects.toBeInstanceOf(ImportFileUnreadable);
});
