import type { Chance } from './chance.js';

/** What a generated document is in the file. Write-offs are among the sales there. */
export type RetailKind = 'sale' | 'write_off' | 'cancellation' | 'bad_debt';

/** One line as it is written. */
export interface RetailLine {
  readonly invoiceNo: string;
  readonly sku: string;
  readonly description: string;
  readonly quantity: number;
  readonly date: string;
  /** 1/10,000 of a pound. */
  readonly priceE4: number;
  /** Empty: nobody is named. */
  readonly customer: string;
  readonly country: string;
}

/** The lines of one document. */
export interface RetailDocument {
  readonly kind: RetailKind;
  readonly lines: readonly RetailLine[];
}

interface Article {
  readonly sku: string;
  readonly description: string;
  readonly priceE4: number;
}

const SERVICES: readonly Article[] = [
  { sku: 'POST', description: 'POSTAGE', priceE4: 180_000 },
  { sku: 'DOT', description: 'DOTCOM POSTAGE', priceE4: 567_800 },
  { sku: 'M', description: 'Manual', priceE4: 12_500 },
  { sku: 'm', description: 'Manual', priceE4: 25_500 },
  { sku: 'BANK CHARGES', description: 'Bank Charges', priceE4: 150_000 },
  { sku: 'gift_0001_20', description: 'Dotcomgiftshop Gift Voucher £20.00', priceE4: 200_000 },
];
const DISCOUNT: Article = { sku: 'D', description: 'Discount', priceE4: 104_300 };
const BAD_DEBTS = [110_620_600, -110_620_600, -5_000];
const COUNTRIES = ['United Kingdom', 'United Kingdom', 'United Kingdom', 'Germany', 'EIRE', 'Channel Islands'];

/** A wholesaler's trade: a made-up likeness of what the public data set holds, with all its oddities. */
export class RetailTrade {
  private readonly goods: readonly Article[];
  private readonly sales: RetailDocument[] = [];
  private minute = 0;
  private number = 536_365;

  constructor(private readonly chance: Chance) {
    const many = Array.from({ length: 60 }, (_, index) => ({
      sku: `${22_000 + index}${index % 3 === 0 ? 'B' : ''}`,
      description: index % 9 === 0 ? `  SET OF ${index}, "ASSORTED" ` : `GIFT NO. ${index}`,
      priceE4: index === 7 ? 10 : chance.between(10, 1_500) * 100,
    }));
    // Two codes that differ in case alone, and one that nobody describes.
    const odd = ['85123A', '85123a', '84029'].map((sku) => ({
      sku,
      description: sku === '84029' ? '' : 'HEART',
      priceE4: 25_500,
    }));
    this.goods = [...many, ...odd];
  }

  /** Documents in the order of their dates. */
  documents(count: number): RetailDocument[] {
    return Array.from({ length: count }, (_, index) => {
      if (index > 0 && index % Math.ceil(count / 4) === 0) return this.badDebt(index / Math.ceil(count / 4) - 1);
      const kind = this.chance.next();
      if (index < 3 || kind < 0.75) return this.sale();
      return kind < 0.83 ? this.writeOff() : this.cancellation();
    });
  }

  private sale(): RetailDocument {
    const customer = this.chance.next() < 0.85 ? String(12_346 + this.chance.between(0, 30)) : '';
    const head = { invoiceNo: this.nextNumber(), customer, country: this.chance.pick(COUNTRIES) };
    const first = { ...head, ...this.chance.pick(this.goods), date: this.nextMinute(), quantity: this.quantity() };
    const lines: RetailLine[] = [first];
    for (let rest = this.chance.between(0, 18); rest > 0; rest -= 1) {
      const article = this.chance.next() < 0.07 ? this.chance.pick(SERVICES) : this.chance.pick(this.goods);
      const free = this.chance.next() < 0.04 ? { priceE4: 0 } : {};
      // Nobody knows why: some documents carry a second minute.
      const date = this.chance.next() < 0.02 ? this.nextMinute() : first.date;
      const line = { ...head, ...article, ...free, date, quantity: this.quantity() };
      // The same line twice is two lines.
      lines.push(line, ...(this.chance.next() < 0.03 ? [line] : []));
    }
    const document = { kind: 'sale' as const, lines };
    if (customer !== '') this.sales.push(document);
    return document;
  }

  private writeOff(): RetailDocument {
    const head = {
      invoiceNo: this.nextNumber(),
      customer: '',
      country: 'United Kingdom',
      date: this.nextMinute(),
      priceE4: 0,
    };
    const lines = this.chance.some(this.goods, this.chance.between(1, 3)).map(({ sku }) => {
      const found = this.chance.next() < 0.2;
      return { ...head, sku, description: found ? 'found' : 'damaged', quantity: (found ? 1 : -1) * this.quantity() };
    });
    return { kind: 'write_off', lines };
  }

  /** Mostly of lines of an earlier sale; some name what was never sold, or a discount. */
  private cancellation(): RetailDocument {
    const original = this.chance.pick(this.sales);
    const [{ customer, country }] = original.lines as [RetailLine];
    const head = { invoiceNo: `C${this.nextNumber()}`, customer, country, date: this.nextMinute() };
    const strange = this.chance.next() < 0.25;
    const lines = this.chance.some(original.lines, this.chance.between(1, 3)).map((line) => ({
      ...line,
      ...head,
      ...(strange && this.chance.pick([...this.goods, DISCOUNT])),
      quantity: -(strange ? this.quantity() : this.chance.between(1, line.quantity)),
    }));
    return { kind: 'cancellation', lines };
  }

  private badDebt(index: number): RetailDocument {
    const head = { invoiceNo: `A${this.nextNumber()}`, sku: 'B', description: 'Adjust bad debt', quantity: 1 };
    const priceE4 = BAD_DEBTS[index % BAD_DEBTS.length] ?? 0;
    return {
      kind: 'bad_debt',
      lines: [{ ...head, date: this.nextMinute(), priceE4, customer: '', country: 'United Kingdom' }],
    };
  }

  private quantity(): number {
    return this.chance.next() < 0.02 ? this.chance.between(500, 74_215) : this.chance.between(1, 24);
  }

  private nextNumber(): string {
    return String(this.number++);
  }

  private nextMinute(): string {
    this.minute += this.chance.between(1, 9);
    return new Date(Date.UTC(2010, 11, 1, 8, 26 + this.minute)).toISOString().slice(0, 19);
  }
}
