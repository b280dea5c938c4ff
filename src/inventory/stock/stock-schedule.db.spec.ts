import { UnitPrice, uuidv7 } from '#libs/kernel';
import { RecordStockAdjustment } from '../adjustments/record-stock-adjustment.js';
import { RecordOpeningStock } from '../receipts/record-opening-stock.js';
import { RecordStockReceipt } from '../receipts/record-stock-receipt.js';
import { InventoryStage } from '../testing/index.js';
import { ReserveStock } from './reserve-stock.js';
import { ReturnStock } from './return-stock.js';

/** What every schedule ends with, whatever happened: the books of the stock are right. */
const SEEDS = [1, 20, 300, 4_000];
const STEPS = 80;

let stage: InventoryStage;

beforeAll(async () => {
  stage = await InventoryStage.open();
});

afterAll(() => stage.close());

beforeEach(() => stage.newTenant());

/** mulberry32: the same numbers for the same seed, on every machine. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

interface Shipped {
  readonly productId: string;
  readonly quantity: number;
  readonly costMinor: bigint;
}

/** A random life of three products in one warehouse, one verb a step. */
class Schedule {
  private readonly orders: string[] = [];
  private readonly shipped: Shipped[] = [];

  constructor(
    private readonly below: (limit: number) => number,
    private readonly warehouseId: string,
    private readonly products: readonly string[],
  ) {}

  private readonly verbs = [
    () => this.receive(),
    () => this.order(),
    () => this.order(),
    () => this.ship(),
    () => this.ship(),
    () => this.cancel(),
    () => this.giveBack(),
    () => this.adjust(),
  ];

  async step(): Promise<void> {
    await this.pick(this.verbs)();
  }

  /** Adjusts every level down to nothing; gives what those last units took off the value. */
  async empty(): Promise<void> {
    for (const orderId of this.orders) await stage.as(() => stage.sales.cancel(orderId));
    for (const productId of this.products) {
      const { available } = await stage.level(this.warehouseId, productId);
      if (available > 0) await this.adjustBy(productId, -available);
    }
  }

  async open(): Promise<void> {
    const lines = this.products.map((productId) => ({
      productId,
      quantity: 1 + this.below(20),
      unitCost: this.cost(),
    }));
    await stage.as(() => stage.get(RecordOpeningStock).execute({ warehouseId: this.warehouseId, lines }));
  }

  private async receive(): Promise<void> {
    const lines = [1, 2].map(() => ({ productId: this.product(), quantity: 1 + this.below(9), unitCost: this.cost() }));
    await stage.as(() => stage.get(RecordStockReceipt).execute({ warehouseId: this.warehouseId, lines }));
  }

  private async order(): Promise<void> {
    const lines = [1, 2].map(() => ({ productId: this.product(), quantity: 1 + this.below(7) }));
    const { id } = await stage.as(() => stage.demands.order(this.warehouseId, lines));
    await stage.as(() => stage.get(ReserveStock).execute(id));
    this.orders.push(id);
  }

  private async ship(): Promise<void> {
    if (this.orders.length === 0) return;
    const orderId = this.pick(this.orders);
    this.shipped.push(...(await stage.as(() => stage.sales.ship(orderId, 1 + this.below(5)))));
  }

  private async cancel(): Promise<void> {
    if (this.orders.length === 0) return;
    const orderId = this.pick(this.orders);
    await stage.as(() => stage.sales.cancel(orderId));
  }

  private async giveBack(): Promise<void> {
    const back = this.shipped.pop();
    if (!back) return;
    const costMinor = this.below(3) === 0 ? null : back.costMinor;
    const line = { lineId: uuidv7(), productId: back.productId, quantity: back.quantity, costMinor };
    const request = { warehouseId: this.warehouseId, documentId: uuidv7(), businessDate: '2026-03-02', lines: [line] };
    await stage.as(() => stage.get(ReturnStock).execute(request));
  }

  private async adjust(): Promise<void> {
    const productId = this.product();
    const { available } = await stage.level(this.warehouseId, productId);
    await this.adjustBy(
      productId,
      this.below(2) === 0 && available > 0 ? -1 - this.below(available) : 1 + this.below(3),
    );
  }

  private async adjustBy(productId: string, quantity: number): Promise<void> {
    const lines = [{ productId, quantity, reason: 'count' }];
    await stage.as(() => stage.get(RecordStockAdjustment).execute({ warehouseId: this.warehouseId, lines }));
  }

  private pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }

  private product(): string {
    return this.pick(this.products);
  }

  private cost(): UnitPrice {
    return UnitPrice.of(BigInt(this.below(99_999)), 'GBP');
  }
}

it.each(SEEDS)('keeps every level the sum of its movements through a random life (seed %i)', async (seed) => {
  const warehouseId = await stage.warehouse();
  const products = await stage.products(3);
  const schedule = new Schedule(random(seed), warehouseId, products);
  await schedule.open();
  for (let step = 1; step <= STEPS; step++) {
    await schedule.step();
    if (step % 20 === 0) expect(await stage.faults()).toEqual([]);
  }
  await schedule.empty();
  expect(await stage.faults()).toEqual([]);
  for (const productId of products) {
    expect(await stage.level(warehouseId, productId)).toEqual({ onHand: 0, reserved: 0, available: 0, valueMinor: 0n });
  }
});
