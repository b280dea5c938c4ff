import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningSystem } from '../support/running-system.js';
import { type Id, type Order, Trader } from '../support/trader.js';
import type { Chance } from '../support/chance.js';

/**
 * What a client knows of an operation: it was acknowledged, it surely had no effect, or nobody answered and only the
 * books can tell.
 */
export type Knowledge = 'ok' | 'failed' | 'unknown';

/** One operation of a client. */
export interface Operation {
  readonly kind: 'order' | 'shipment' | 'cancellation' | 'payment' | 'receipt';
  /** Written into the order or receipt, where the oracle finds it. */
  readonly marker: string;
  readonly knowledge: Knowledge;
}

type Answer<B> =
  | { readonly result: 'ok'; readonly body: B }
  | { readonly result: 'refused'; readonly status: number; readonly code: string }
  | { readonly result: 'not-sent' }
  | { readonly result: 'unknown' };

/** Longer than anything takes that is still under way. */
const ANSWER_TIMEOUT_MS = 30_000;
/** Means of payment of the sandbox: some hang, fail once, stay pending, or are told of twice or late. */
const METHODS = ['ok', 'declined', 'timeout', 'error_once', 'webhook_twice', 'webhook_late', 'pending', 'slow'].map(
  (name) => `pm_${name}`,
);
/** Surely enough tries for an api that is being replaced. */
const TRIES_MAX = 200;

/** A shop of five scarce products and everybody who orders them at once, from whichever api answers. */
export class OrderLoad {
  readonly log: Operation[] = [];
  /** Answers by which the api called a failure its own fault (500), where it was a server's (503). */
  readonly blunders: string[] = [];
  private next = 0;

  private constructor(
    private readonly system: RunningSystem,
    readonly trader: Trader,
    private readonly chance: Chance,
    readonly warehouse: Id,
    readonly products: readonly Id[],
    readonly customers: readonly Id[],
  ) {}

  /** @param unitsEach of every product on hand: make it less than what will be asked for */
  static async open(system: RunningSystem, chance: Chance, unitsEach: number): Promise<OrderLoad> {
    const trader = await Trader.signUp(system);
    const warehouse = await trader.warehouse('MAIN');
    const skus = ['LAMP', 'SHADE', 'RUG', 'VASE', 'CUP'];
    const products = await Promise.all(skus.map((sku, index) => trader.product(sku, `${index + 1}.375`)));
    for (const product of products) await trader.receive(warehouse, product, unitsEach, '1.25');
    const customers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => trader.customer(`Buyer ${index}`, `b${index}@${trader.slug}.example`)),
    );
    return new OrderLoad(system, trader, chance, warehouse, products, customers);
  }

  /** So many clients at once, each with one order and what becomes of it. */
  async rush(clients: number): Promise<void> {
    await Promise.all(Array.from({ length: clients }, () => this.client()));
  }

  /** So many clients that come back with another order after a while, until the signal. */
  async keepOrdering(clients: number, until: AbortSignal): Promise<void> {
    const one = async (): Promise<void> => {
      while (!until.aborted) {
        await this.client();
        await sleep(this.chance.between(200, 600));
      }
    };
    await Promise.all(Array.from({ length: clients }, one));
  }

  /** Places one order and gives it; nothing may be wrong any more. */
  async plainOrder(): Promise<Order> {
    const order = await this.trader.post<Order>('/v1/sales-orders', this.order('plain', this.chance));
    this.note('order', 'plain', 'ok');
    return order;
  }

  /** How many operations of each kind ended how. */
  counts(): Record<Knowledge, number> {
    const count = (knowledge: Knowledge) => this.log.filter((entry) => entry.knowledge === knowledge).length;
    return { ok: count('ok'), failed: count('failed'), unknown: count('unknown') };
  }

  private async client(): Promise<void> {
    const number = this.next++;
    const chance = this.chance.fork(number);
    const marker = `op-${number}`;
    const orderId = await this.place(marker, chance);
    if (orderId === undefined) return;
    const path = `/v1/sales-orders/${orderId}`;
    const then = chance.next();
    if (then < 0.25) await this.follow('shipment', marker, `${path}/shipments`, {});
    else if (then < 0.4) await this.follow('cancellation', marker, `${path}/cancellation`, {});
    else if (then < 0.6) await this.follow('payment', marker, `${path}/payments`, { method: chance.pick(METHODS) });
    else if (then < 0.7) await this.receive(`${marker}-receipt`, chance);
  }

  /** Three of four ask again with the same key until they know; the fourth gives up when nobody answers. */
  private async place(marker: string, chance: Chance): Promise<string | undefined> {
    const insists = chance.next() < 0.75;
    const body = this.order(marker, chance);
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const answer = await this.send<Id>('/v1/sales-orders', body, `${marker}-order`);
      if (answer.result === 'ok') {
        this.note('order', marker, 'ok');
        return answer.body.id;
      }
      if (answer.result === 'refused') throw new Error(`order ${marker}: ${answer.status} ${answer.code}`);
      if (answer.result === 'unknown' && !insists) {
        this.note('order', marker, 'unknown');
        return undefined;
      }
      await sleep(chance.between(50, 400));
    }
    throw new Error(`order ${marker} got no answer in ${TRIES_MAX} tries\n${this.system.logs()}`);
  }

  private async follow(kind: Operation['kind'], marker: string, path: string, body: object): Promise<void> {
    this.note(kind, marker, knowledgeOf(await this.send(path, body, `${marker}-${kind}`)));
  }

  private async receive(marker: string, chance: Chance): Promise<void> {
    const unitCost = { amount: `1.${chance.between(10, 99)}`, currency: 'GBP' };
    const [product] = chance.some(this.products, 1);
    const lines = [{ productId: product?.id, quantity: chance.between(1, 4), unitCost }];
    const body = { warehouseId: this.warehouse.id, reference: marker, lines };
    this.note('receipt', marker, knowledgeOf(await this.send('/v1/stock-receipts', body, marker)));
  }

  private order(marker: string, chance: Chance): object {
    const wanted = chance.some(this.products, chance.between(1, 3));
    return {
      customerId: chance.pick(this.customers).id,
      warehouseId: this.warehouse.id,
      confirm: true,
      note: marker,
      lines: wanted.map(({ id }) => ({ productId: id, quantity: chance.between(1, 5) })),
    };
  }

  private note(kind: Operation['kind'], marker: string, knowledge: Knowledge): void {
    this.log.push({ kind, marker, knowledge });
  }

  /** A POST; sent again with its key it has no further effect. */
  private async send<B>(path: string, body: object, key: string): Promise<Answer<B>> {
    if (!this.system.apis.some((api) => api.isRunning)) return { result: 'not-sent' };
    const headers = {
      authorization: `Bearer ${this.trader.token}`,
      'content-type': 'application/json',
      'idempotency-key': key,
    };
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    try {
      const url = `${this.system.nextApi()}${path}`;
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal });
      const answer = (await response.json()) as B & { code?: string };
      if (response.ok) return { result: 'ok', body: answer };
      if (response.status === 500) this.blunders.push(`POST ${path}: ${JSON.stringify(answer)}`);
      // An api was killed and its database connection has not noticed yet: the first try may still be committed.
      if (response.status >= 500 || answer.code === 'idempotency.in_progress') return { result: 'unknown' };
      return { result: 'refused', status: response.status, code: answer.code ?? '' };
    } catch (error) {
      return { result: wasRefusedAtTheDoor(error) ? 'not-sent' : 'unknown' };
    }
  }
}

function knowledgeOf(answer: Answer<unknown>): Knowledge {
  if (answer.result === 'ok' || answer.result === 'unknown') return answer.result;
  return 'failed';
}

/** Nobody listened: not a byte of the request has reached anybody. */
function wasRefusedAtTheDoor(error: unknown): boolean {
  const { cause } = error as { cause?: { code?: string } };
  return cause?.code === 'ECONNREFUSED';
}
