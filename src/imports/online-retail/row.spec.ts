import { checkRow, type RawRow } from './row.js';

const GOOD: RawRow = {
  InvoiceNo: '536365',
  StockCode: '85123A',
  Description: ' WHITE HANGING HEART ',
  Quantity: '6',
  InvoiceDate: '2010-12-01T08:26:00',
  UnitPrice: '2.55',
  CustomerID: '17850',
  Country: 'United Kingdom',
};

const check = (changes: Partial<RawRow> = {}) => checkRow(2, { ...GOOD, ...changes });

it('reads a line exactly', () => {
  expect(check()).toEqual({
    line: 2,
    invoiceNo: '536365',
    stockCode: '85123A',
    description: 'WHITE HANGING HEART',
    quantity: 6,
    invoiceDate: '2010-12-01T08:26:00',
    unitPriceE4: 25_500n,
    customerId: '17850',
    country: 'United Kingdom',
  });
});

it.each([
  ['0.001', 10n],
  ['18', 180_000n],
  ['0', 0n],
  ['649.5', 6_495_000n],
])('reads the price %s without floating point', (UnitPrice, unitPriceE4) => {
  expect(check({ UnitPrice })).toMatchObject({ unitPriceE4 });
});

it('reads the dates of the first publication and customers that went through a spreadsheet', () => {
  const read = check({ InvoiceDate: '12/1/2010 8:26', CustomerID: '17850.0' });
  expect(read).toMatchObject({ invoiceDate: '2010-12-01T08:26:00', customerId: '17850' });
});

it('keeps lines without a customer or description, and write-offs', () => {
  expect(check({ CustomerID: '', Description: '', Quantity: '-12', UnitPrice: '0' })).toMatchObject({
    customerId: null,
    description: '',
    quantity: -12,
  });
});

it('takes negative prices of bad debts alone', () => {
  expect(check({ InvoiceNo: 'A563186', UnitPrice: '-11062.06' })).toMatchObject({ unitPriceE4: -110_620_600n });
  expect(check({ UnitPrice: '-1' })).toMatch('only bad debts');
});

it.each([
  [{ InvoiceNo: 'X1' }, 'InvoiceNo'],
  [{ StockCode: ' ' }, 'StockCode'],
  [{ Quantity: '1.5' }, 'Quantity'],
  [{ Quantity: '0' }, 'Quantity'],
  [{ Quantity: '99999999999' }, 'Quantity'],
  [{ UnitPrice: '1e3' }, 'UnitPrice'],
  [{ UnitPrice: '1.00001' }, 'UnitPrice'],
  [{ InvoiceDate: '2010-02-30T08:26:00' }, 'InvoiceDate'],
  [{ InvoiceDate: '2010-12-01T24:00:00' }, 'InvoiceDate'],
  [{ Country: '' }, 'Country'],
  [{ InvoiceNo: 'C536365' }, 'negative quantities'],
])('says what is wrong with %j', (changes, reason) => {
  expect(check(changes)).toMatch(reason);
});
