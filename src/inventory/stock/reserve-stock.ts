import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import { type ReservationChange, type StockDemand, StockDemandSource } from './stock-demands.js';
import { StockLedger } from './stock-ledger.js';
import { StockLevels } from './stock-levels.repository.js';
import { StockDemandChanged } from './stock.errors.js';

/** What a reservation came to. */
export interface ReservationResult {
  readonly orderId: string;
  /** True when nothing of the order is left open. */
  readonly complete: boolean;
  /** One entry for each line that was open; `quantity` is what was reserved now, 0 included. */
  readonly changes: readonly ReservationChange[];
}

/**
 * Reserves what an order still wants: as much as is available, the rest waits as a backorder. Idempotent by
 * construction: under the locks it counts only what is open, so a second call finds its work done.
 */
@Injectable()
export class ReserveStock {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly demands: StockDemandSource,
    private readonly levels: StockLevels,
    private readonly ledger: StockLedger,
  ) {}

  /** An order that is unknown, not confirmed or has nothing open is complete. @throws StockDemandChanged */
  async execute(orderId: string): Promise<ReservationResult> {
    return this.unitOfWork.run(async () => {
      const seen = await this.demands.current.openDemand(orderId);
      if (!seen || seen.lines.length === 0) return { orderId, complete: true, changes: [] };
      const productIds = seen.lines.map((line) => line.productId);
      const stock = await this.levels.lock(seen.warehouseId, productIds);
      // What was seen before the locks may be done by now: only this counts.
      const [demand] = await this.demands.current.lockOrders([orderId]);
      if (!demand || demand.lines.length === 0) return { orderId, complete: true, changes: [] };
      if (demand.lines.some((line) => !stock.covers(line.productId))) throw new StockDemandChanged(orderId);
      const changes = stock.reserveFor(demand);
      this.ledger.postReservations(stock);
      await this.demands.current.recordReserved(changes);
      return { orderId, complete: isComplete(demand, changes), changes };
    });
  }

  /**
   * Reserves for an order that is not written yet, so that nobody else can see it: its caller writes the changes down
   * with the order, in the same unit of work. Saves a new order the round trips of reading its own demand back.
   */
  async executeUnwritten(demand: StockDemand): Promise<ReservationResult> {
    return this.unitOfWork.run(async () => {
      const productIds = demand.lines.map((line) => line.productId);
      const stock = await this.levels.lock(demand.warehouseId, productIds);
      const changes = stock.reserveFor(demand);
      this.ledger.postReservations(stock);
      return { orderId: demand.orderId, complete: isComplete(demand, changes), changes };
    });
  }
}

function isComplete(demand: StockDemand, changes: readonly ReservationChange[]): boolean {
  return demand.lines.every((line, index) => changes[index]?.quantity === line.openQuantity);
}
