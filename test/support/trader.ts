import { randomBytes, randomUUID } from 'node:crypto';
import type { Placement } from '#libs/context';
import { eventually } from './eventually.js';
import { USUAL_ISOLATION } from './isolations.js';
import type { RunningSystem } from './running-system.js';

export interface Id {
  readonly id: string;
}
export interface Amount {
  readonly amount: string;
  readonly currency: string;
}
export interface PageOf<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}
export interface OrderLine extends Id {
  readonly productId: string;
  readonly ordered: number;
  readonly reserved: number;
  readonly shipped: number;
  readonly cancelled: number;
  readonly invoiced: number;
  readonly credited: number;
  readonly returned: number;
  readonly backordered: number;
}
export interface Order extends Id {
  readonly number: string;
  readonly status: string;
  readonly total: Amount;
  readonly lines: readonly OrderLine[];
}
export interface Invoice extends Id {
  readonly number: string;
  readonly net: Amount;
  readonly tax: Amount;
  readonly total: Amount;
  readonly lines: readonly (Id & { readonly orderLineId: string; readonly quantity: number })[];
}
export interface CreditNote extends Id {
  readonly number: string;
  readonly reason: string;
  readonly total: Amount;
}
export interface Payment extends Id {
  readonly status: string;
  readonly amount: Amount;
  readonly captured: Amount;
  readonly refunded: Amount;
}
export interface StockLevel {
  readonly productId: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly available: number;
}
interface Balance {
  readonly code: string;
  readonly balance: Amount;
}
export interface TrialBalance {
  readonly accounts: readonly Balance[];
  readonly difference: Amount;
}

/** Accounts of the chart that is made with the tenant. */
export const ACCOUNTS = {
  bank: '1000',
  clearing: '1050',
  receivable: '1100',
  inventory: '1200',
  goodsReceived: '2100',
  tax: '2200',
  opening: '3000',
  revenue: '4000',
  costOfGoods: '5000',
} as const;

const NOWHERE: Placement = { model: 'shared', cluster: 'default', database: '', schema: 'public' };

/** What came back. */
export interface Answer<B> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: B;
}

export interface Sending {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const PASSWORD = 'correct horse battery staple';

/** A company that signed up, and its owner, who sends every request to another api than the one before. */
export class Trader {
  private constructor(
    private readonly system: RunningSystem,
    readonly id: string,
    readonly slug: string,
    readonly email: string,
    readonly token: string,
    readonly placement: Placement,
  ) {}

  /** A tenant in a schema or database of its own is made by an operator, with the owner's login. */
  static async signUp(system: RunningSystem, isolation: Placement['model'] = USUAL_ISOLATION): Promise<Trader> {
    const slug = `trader-${randomBytes(6).toString('hex')}`;
    const email = `owner@${slug}.example`;
    const company = { slug, name: `${slug} Ltd`, currency: 'GBP', timeZone: 'Europe/London', country: 'GB' };
    const nobody = new Trader(system, '', slug, email, '', NOWHERE);
    const signUp = { ...company, admin: { email, name: 'Ada Owner', password: PASSWORD } };
    const { id } =
      isolation === 'shared'
        ? await nobody.post<Id>('/v1/tenants', signUp)
        : await system.makeTenant(signUp, isolation);
    return new Trader(system, id, slug, email, await nobody.logIn(), await system.placementOf(slug));
  }

  /** Asks the database where this tenant's data are, as the superuser. Names without a schema are its own tables. */
  rows<R>(sql: string, parameters?: unknown[]): Promise<R[]> {
    return this.system.database.asSuperuserAt<R>(this.placement, sql, parameters);
  }

  /** A fresh access token. */
  async logIn(): Promise<string> {
    const credentials = { grantType: 'password', email: this.email, password: PASSWORD };
    return (await this.post<{ accessToken: string }>('/v1/auth/tokens', credentials)).accessToken;
  }

  /** Sends anything and takes any answer. What changes something has an `Idempotency-Key` of its own unless one is given. */
  async send<B>(method: string, path: string, { body, headers = {} }: Sending = {}): Promise<Answer<B>> {
    const response = await fetch(`${this.system.nextApi()}${path}`, {
      method,
      headers: {
        ...(this.token === '' ? { 'x-tenant': this.slug } : { authorization: `Bearer ${this.token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(method !== 'GET' && { 'idempotency-key': randomUUID() }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text && JSON.parse(text)) as B };
  }

  /** @throws unless the answer is 2xx */
  async get<B>(path: string): Promise<B> {
    return this.expectGood<B>('GET', path);
  }

  /** @throws unless the answer is 2xx */
  async post<B>(path: string, body?: unknown): Promise<B> {
    return this.expectGood<B>('POST', path, { body });
  }

  /** Everything of a list. */
  async all<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | null = null;
    do {
      const query: string = `${path.includes('?') ? '&' : '?'}limit=200${cursor ? `&cursor=${cursor}` : ''}`;
      const page: PageOf<T> = await this.get<PageOf<T>>(`${path}${query}`);
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor);
    return items;
  }

  product(sku: string, price: string): Promise<Id> {
    const facts = { sku, name: `Product ${sku}`, kind: 'goods', taxCode: 'standard', taxRatePercent: '20' };
    return this.post('/v1/products', { ...facts, price: { amount: price, currency: 'GBP' } });
  }

  warehouse(code: string): Promise<Id> {
    return this.post('/v1/warehouses', { code, name: `Warehouse ${code}` });
  }

  customer(name: string, email: string): Promise<Id> {
    const billingAddress = { line1: '1 High Street', city: 'London', postalCode: 'E1 6AN', country: 'GB' };
    return this.post('/v1/customers', { kind: 'company', name, email, billingAddress });
  }

  receive(warehouse: Id, product: Id, quantity: number, cost: string): Promise<Id> {
    const lines = [{ productId: product.id, quantity, unitCost: { amount: cost, currency: 'GBP' } }];
    return this.post('/v1/stock-receipts', { warehouseId: warehouse.id, lines });
  }

  /** Places an order, confirmed and reserved at once. */
  order(customer: Id, warehouse: Id, lines: readonly (readonly [product: Id, quantity: number])[]): Promise<Order> {
    const wanted = lines.map(([product, quantity]) => ({ productId: product.id, quantity }));
    const order = { customerId: customer.id, warehouseId: warehouse.id, confirm: true, lines: wanted };
    return this.post('/v1/sales-orders', order);
  }

  orderNow(order: Id): Promise<Order> {
    return this.get(`/v1/sales-orders/${order.id}`);
  }

  async levelOf(product: Id): Promise<StockLevel | undefined> {
    return (await this.get<PageOf<StockLevel>>(`/v1/stock-levels?productId=${product.id}`)).items[0];
  }

  /** The order's invoice, as soon as there is one. */
  async invoiceOf(order: Id): Promise<Invoice> {
    const { id } = await eventually('the order is invoiced', async () => {
      return (await this.get<PageOf<Id>>(`/v1/invoices?orderId=${order.id}`)).items[0];
    });
    return this.get(`/v1/invoices/${id}`);
  }

  /** The invoice's credit notes, as soon as there are so many. */
  creditNotesOf(invoice: Id, count: number): Promise<readonly CreditNote[]> {
    return eventually(`the invoice has ${count} credit notes`, async () => {
      const { items } = await this.get<PageOf<CreditNote>>(`/v1/credit-notes?invoiceId=${invoice.id}`);
      return items.length >= count && items;
    });
  }

  /** Takes a payment and waits for its end. */
  async pay(order: Id, method: string): Promise<Payment> {
    const { id } = await this.post<Id>(`/v1/sales-orders/${order.id}/payments`, { method });
    return this.ended(id);
  }

  /** A payment, as soon as it was captured or has failed. */
  async ended(paymentId: string): Promise<Payment> {
    return eventually('the payment has ended', async () => {
      const payment = await this.get<Payment>(`/v1/payments/${paymentId}`);
      return ['captured', 'failed'].includes(payment.status) && payment;
    });
  }

  /** Gives money back and waits until it is. */
  async refund(payment: Id, amount: string): Promise<void> {
    const body = { amount: { amount, currency: 'GBP' }, reason: 'Returned' };
    const { id } = await this.post<Id>(`/v1/payments/${payment.id}/refunds`, body);
    await eventually('the refund has succeeded', async () => {
      const { items } = await this.get<PageOf<Payment>>(`/v1/payments/${payment.id}/refunds`);
      return items.find((refund) => refund.id === id)?.status === 'succeeded';
    });
  }

  /** Balances by account code, without those that are zero. Always checked: all together they are zero. */
  async balances(): Promise<Record<string, string>> {
    const { accounts, difference } = await this.get<TrialBalance>('/v1/trial-balance');
    if (difference.amount !== '0.00') throw new Error(`the trial balance is off by ${difference.amount}`);
    const open = accounts.filter(({ balance }) => balance.amount !== '0.00');
    return Object.fromEntries(open.map(({ code, balance }) => [code, balance.amount]));
  }

  /** Waits until exactly these accounts have these balances. @throws showing the balances that there were last */
  async untilBalances(expected: Readonly<Record<string, string>>): Promise<void> {
    let seen: Record<string, string> = {};
    const same = async () => {
      seen = await this.balances();
      const codes = new Set([...Object.keys(seen), ...Object.keys(expected)]);
      return [...codes].every((code) => seen[code] === expected[code]);
    };
    await eventually('the books are right', same).catch((error: Error) => {
      throw new Error(`${error.message}: ${JSON.stringify(seen)}, expected ${JSON.stringify(expected)}`);
    });
  }

  private async expectGood<B>(method: string, path: string, sending: Sending = {}): Promise<B> {
    const answer = await this.send<B>(method, path, sending);
    if (answer.status >= 200 && answer.status < 300) return answer.body;
    const logs = answer.status >= 500 ? `\n${this.system.logs()}` : '';
    throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}${logs}`);
  }
}
