import { documentOf, isService, stockChange } from './document.js';
import type { RetailRow } from './row.js';

function row(changes: Partial<RetailRow> = {}): RetailRow {
  return {
    line: 2,
    invoiceNo: '536365',
    stockCode: '85123A',
    description: 'HEART',
    quantity: 6,
    invoiceDate: '2010-12-01T08:26:00',
    unitPriceE4: 25_500n,
    customerId: '17850',
    country: 'United Kingdom',
    ...changes,
  };
}

const effect = (...rows: RetailRow[]) => documentOf(rows).document?.effect;

it('tells sales, cancellations, bad debts and write-offs apart', () => {
  expect(effect(row())).toBe('sale');
  expect(effect(row({ invoiceNo: 'C536379', quantity: -1 }))).toBe('cancellation');
  expect(effect(row({ invoiceNo: 'A563185' }))).toBe('bad_debt');
  expect(effect(row({ unitPriceE4: 0n, customerId: null }))).toBe('adjustment');
});

it('takes a document for a write-off only when all of it is free and nobody’s', () => {
  const free = row({ unitPriceE4: 0n, customerId: null });
  expect(effect(free, row({ customerId: null }))).toBe('sale');
  expect(effect(row({ unitPriceE4: 0n }))).toBe('sale');
});

it('rejects a negative line of a sale and goes on with the rest', () => {
  const { document, rejected } = documentOf([row(), row({ line: 3, quantity: -2 })]);
  expect(document?.rows.map((one) => one.line)).toEqual([2]);
  expect(rejected).toMatchObject([{ line: 3, reason: 'a sale has positive quantities' }]);
});

it('knows what is sold without stock, to the letter', () => {
  for (const code of ['POST', 'DOT', 'C2', 'M', 'm', 'D', 'S', 'B', 'BANK CHARGES', 'AMAZONFEE', 'CRUK', 'PADS']) {
    expect(isService(code)).toBe(true);
  }
  expect(isService('gift_0001_40')).toBe(true);
  for (const code of ['DCGS0076', 'post', '85123A', 'MM']) expect(isService(code)).toBe(false);
});

it('moves stock the way the source means it', () => {
  expect(stockChange('sale', row({ quantity: 6 }))).toBe(-6);
  expect(stockChange('cancellation', row({ quantity: -6 }))).toBe(6);
  expect(stockChange('adjustment', row({ quantity: -6 }))).toBe(-6);
  expect(stockChange('sale', row({ stockCode: 'POST' }))).toBe(0);
  expect(stockChange('bad_debt', row())).toBe(0);
});
