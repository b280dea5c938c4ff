import type { DemandLine, ReservationChange, StockDemand } from './stock-demands.js';
import type { StockLevel } from './stock-level.entity.js';

/** The levels of some products in one warehouse, locked until the unit of work ends. */
export class LockedStock {
  private readonly byProduct: ReadonlyMap<string, StockLevel>;
  private readonly before: ReadonlyMap<StockLevel, string>;

  constructor(
    readonly warehouseId: string,
    readonly levels: readonly StockLevel[],
  ) {
    this.byProduct = new Map(levels.map((level) => [level.productId, level]));
    this.before = new Map(levels.map((level) => [level, figures(level)]));
  }

  /** The level of a product that was locked. @throws for any other: that is a programming error */
  of(productId: string): StockLevel {
    const level = this.byProduct.get(productId);
    if (!level) throw new Error(`the stock level of product ${productId} is not locked`);
    return level;
  }

  /** Whether the product's level is among the locked ones. */
  covers(productId: string): boolean {
    return this.byProduct.has(productId);
  }

  /** Levels that differ from what was locked. */
  get changed(): StockLevel[] {
    return this.levels.filter((level) => this.before.get(level) !== figures(level));
  }

  /** Levels of which units can be promised. */
  get free(): StockLevel[] {
    return this.levels.filter((level) => level.available > 0);
  }

  /**
   * Reserves for the lines of one order as much as there is, in their order. Lines of products that are not locked
   * here are left alone. Gives one change a line, of 0 where nothing was left.
   */
  reserveFor(demand: StockDemand): ReservationChange[] {
    const covered = demand.lines.filter((line) => this.covers(line.productId));
    return covered.map(({ lineId, productId, openQuantity }: DemandLine) => ({
      orderId: demand.orderId,
      lineId,
      quantity: this.of(productId).reserveUpTo(openQuantity),
    }));
  }
}

function figures({ onHand, reserved, valueMinor }: StockLevel): string {
  return `${onHand} ${reserved} ${valueMinor}`;
}
