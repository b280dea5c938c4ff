import type { InvoiceDocument } from './invoice-document.js';
import { renderInvoicePdf } from './render-invoice-pdf.js';
import { anInvoiceDocument, anInvoiceLine } from './testing/invoice-document.builder.js';
import { pdfPages } from './testing/pdf-text.js';

async function pagesOf(document: InvoiceDocument): Promise<string[][]> {
  return pdfPages(await renderInvoicePdf(document, { compress: false }));
}

/** All of these, in any order. */
function including(...groups: string[][]): unknown {
  return expect.arrayContaining(groups.flat());
}

describe('an invoice as PDF', () => {
  it('says who, what, when and how much', async () => {
    const [texts = [], ...further] = await pagesOf(anInvoiceDocument());
    expect(further).toEqual([]);
    expect(texts).toEqual(
      including(
        ['Invoice', 'INV-2026-000042', 'Harbour Gifts Ltd', '12 Quay Street', 'Bristol BS1 4XX', 'United Kingdom'],
        ['Tax number: GB 123 4567 89', 'E-mail: accounts@harbour-gifts.example'],
        ['BILL TO', 'Corner Shop & Sons', '3 High Street', 'Tax number: GB 987 6543 21'],
        ['Issue date', '20 Nov 2026', 'Supply date', '19 Nov 2026', 'Due date', '20 Dec 2026'],
        ['Order number', 'SO-2026-000117', 'Customer number', 'C-000007', 'Currency', 'GBP'],
        ['2', '22423', 'Regency cakestand, 3 tiers', '5', '13.45', '20%', '67.25'],
        ['Unit prices and line amounts do not include tax (net prices). All amounts are in GBP.'],
        ['Standard', '20%', '74.90', '14.98', 'Zero', '0%', '32.25', '0.00'],
        ['Net amount', '107.15', 'Tax', '14.98', 'Total', 'GBP 122.13'],
        ['Payment terms', 'Payable within 30 days, by 20 Dec 2026.', 'Thank you for your order.'],
        ['Harbour Gifts Ltd · Tax number: GB 123 4567 89', 'Invoice INV-2026-000042 · Page 1 of 1'],
      ),
    );
  });

  it('prints the totals it was given and calculates none', async () => {
    const document = anInvoiceDocument({
      netMinor: 111n,
      taxMinor: 222n,
      totalMinor: 999n,
      taxes: [{ code: 'standard', ratePpm: 200_000, baseMinor: 444n, taxMinor: 555n }],
    });
    const [texts = []] = await pagesOf(document);
    expect(texts).toEqual(expect.arrayContaining(['1.11', '2.22', 'GBP 9.99', '4.44', '5.55']));
  });

  it('is exact to the last unit of the largest amount, in every currency’s own decimals', async () => {
    const most = 9_223_372_036_854_775_807n;
    const [texts = []] = await pagesOf(anInvoiceDocument({ totalMinor: most, netMinor: most, taxMinor: -5n }));
    expect(texts).toEqual(expect.arrayContaining(['GBP 92,233,720,368,547,758.07', '-0.05']));
    const [yen = []] = await pagesOf(anInvoiceDocument({ currency: 'JPY', totalMinor: 1_234_567n }));
    expect(yen).toContain('JPY 1,234,567');
    const [dinar = []] = await pagesOf(anInvoiceDocument({ currency: 'KWD', totalMinor: 1_234_567n }));
    expect(dinar).toContain('KWD 1,234.567');
  });

  it('shows unit prices with up to four decimals and rates with all of theirs', async () => {
    const line = anInvoiceLine({ unitPriceE4: 2_555n, quantity: 12_000, ratePpm: 88_750 });
    const [texts = []] = await pagesOf(anInvoiceDocument({ lines: [line], taxMode: 'gross' }));
    expect(texts).toEqual(expect.arrayContaining(['0.2555', '12,000', '8.875%']));
    expect(texts.join(' ')).toContain('include tax (gross prices)');
  });

  it('says that tax is not stated rather than 0 %', async () => {
    const tax = { taxCode: 'not-stated', ratePpm: 0 };
    const [texts = []] = await pagesOf(
      anInvoiceDocument({
        lines: [anInvoiceLine(tax)],
        taxes: [{ code: 'not-stated', ratePpm: 0, baseMinor: 765n, taxMinor: 0n }],
      }),
    );
    expect(texts).toEqual(expect.arrayContaining(['not stated', 'Not stated', '–']));
    expect(texts).not.toContain('0%');
  });

  it('leaves out what is not known', async () => {
    const [texts = []] = await pagesOf(
      anInvoiceDocument({
        supplyDate: null,
        dueDate: null,
        orderNumber: null,
        customerNumber: null,
        paymentTerms: null,
        closing: null,
        buyer: { name: 'Cash customer', addressLines: [], country: null, taxNumber: null, email: null },
      }),
    );
    for (const label of ['Supply date', 'Due date', 'Order number', 'Customer number', 'Payment terms', 'null', '']) {
      expect(texts).not.toContain(label);
    }
  });

  it('refuses a date that is none', async () => {
    await expect(renderInvoicePdf(anInvoiceDocument({ issueDate: '20/11/2026' }))).rejects.toThrow(RangeError);
  });
});

describe('a credit note as PDF', () => {
  it('names the invoice it credits', async () => {
    const [texts = []] = await pagesOf(
      anInvoiceDocument({
        kind: 'credit_note',
        number: 'CN-2026-000003',
        originalInvoice: { number: 'INV-2026-000042', issueDate: '2026-11-20' },
        remarks: 'Return of goods.\nTwo arrived broken.',
      }),
    );
    expect(texts).toEqual(
      including(
        ['Credit note', 'CN-2026-000003', 'CREDIT TO', 'Credits invoice', 'INV-2026-000042', 'Total credit'],
        ['Remarks', 'Return of goods.', 'Two arrived broken.', 'Credit note CN-2026-000003 · Page 1 of 1'],
      ),
    );
  });
});

describe('a long invoice', () => {
  const lines = Array.from({ length: 300 }, (_, index) =>
    anInvoiceLine({ position: index + 1, sku: `SKU-${index + 1}` }),
  );

  it('repeats the heads of the columns and counts its pages', async () => {
    const pages = await pagesOf(anInvoiceDocument({ lines }));
    expect(pages.length).toBeGreaterThan(5);
    pages.forEach((texts, index) => {
      expect(texts).toContain(`Invoice INV-2026-000042 · Page ${index + 1} of ${pages.length}`);
      expect(texts).toContain('Unit price');
      expect(texts.includes('Invoice INV-2026-000042 (continued)')).toBe(index > 0);
    });
    const skus = pages.flat().filter((text) => text.startsWith('SKU-'));
    expect(skus).toEqual(lines.map(({ sku }) => sku));
    expect(pages.at(-1)).toContain('GBP 122.13');
  });

  it.each([18, 19, 20, 21, 22, 23, 24, 25, 26])('never tears the totals apart (%i lines)', async (count) => {
    const pages = await pagesOf(anInvoiceDocument({ lines: lines.slice(0, count) }));
    const withTotal = pages.filter((texts) => texts.includes('GBP 122.13'));
    expect(withTotal).toHaveLength(1);
    expect(withTotal[0]).toEqual(expect.arrayContaining(['Net amount', 'Taxable amount', '74.90']));
  });
});

describe('names of all the world', () => {
  it('are printed in the letters of Europe and its neighbours', async () => {
    const name = 'Żółta Łódź — Ελλάδα — Київ — Þórr — Հայ';
    const [texts = []] = await pagesOf(anInvoiceDocument({ buyer: { ...anInvoiceDocument().buyer, name } }));
    expect(texts).toContain(name);
    expect(texts.join()).not.toContain('\ufffd');
  });

  it('have a visible stand-in, explained, for every character the font lacks', async () => {
    const [texts = []] = await pagesOf(
      anInvoiceDocument({ buyer: { ...anInvoiceDocument().buyer, name: '日本 Ltd' } }),
    );
    expect(texts).toContain('\ufffd\ufffd Ltd');
    expect(texts.join()).toContain('\ufffd stands for a character that cannot be printed here');
  });

  it('cannot break lines, reorder text or leave the page', async () => {
    const description = `A\u202e0\n${'x'.repeat(5_000)} ${'word '.repeat(2_000)}`;
    const pages = await pagesOf(anInvoiceDocument({ lines: [anInvoiceLine({ description })] }));
    expect(pages.length).toBeLessThan(4);
    expect(pages.flat().join('')).not.toContain('\u202e');
    expect(pages.flat()).toContain('…');
    expect(pages.at(-1)).toContain('GBP 122.13');
  });
});

describe('the file', () => {
  it('is the same bytes for the same document, whenever it is made', async () => {
    const first = await renderInvoicePdf(anInvoiceDocument());
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect((await renderInvoicePdf(anInvoiceDocument())).equals(first)).toBe(true);
    const other = await renderInvoicePdf(anInvoiceDocument({ issuedAt: new Date('2026-11-21T00:00:00Z') }));
    expect(other.equals(first)).toBe(false);
  });

  it('is a small PDF that says what it is', async () => {
    const bytes = await renderInvoicePdf(anInvoiceDocument());
    expect(bytes.subarray(0, 8).toString()).toBe('%PDF-1.7');
    expect(bytes.length).toBeLessThan(60_000);
    const raw = bytes.toString('latin1');
    expect(raw).not.toContain('Harbour');
    expect(raw).toContain('>Invoice INV-2026-000042</rdf:li>');
    expect(raw).toContain('<xmp:CreateDate>2026-11-20T09:30:00Z<');
  });
});
