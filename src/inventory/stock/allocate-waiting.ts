import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import type { LockedStock } from './locked-stock.js';
import { StockDemandSource } from './stock-demands.js';
import { StockLedger } from './stock-ledger.js';
import { StockLevels } from './stock-levels.repository.js';

/** Orders that are locked in one go. */
const BATCH_MAX = 1_000;

/** Batches before something must be wrong: one that waits is either served or not told of again. */
const BATCHES_MAX = 1_000;

/** Gives what became available to the orders that wait for it, the one confirmed first comes first. */
@Injectable()
export class AllocateWaiting {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly levels: StockLevels,
    private readonly demands: StockDemandSource,
    private readonly ledger: StockLedger,
  ) {}

  /** Locks the levels and gives out what is available of them. Whatever raises availability here does this itself. */
  async execute(warehouseId: string, productIds: readonly string[]): Promise<void> {
    await this.unitOfWork.run(async () => {
      const stock = await this.levels.lock(warehouseId, productIds);
      await this.giveOut(stock);
      this.ledger.postReservations(stock);
    });
  }

  /**
   * For verbs that hold the levels and will write them: reserves in memory and tells the orders.
   *
   * Each order that waits takes at least one unit, so as many orders as there are units are asked for, and they are
   * locked together, in the order of their ids. Who waits is read again only when there were more than a batch.
   */
  async giveOut(stock: LockedStock): Promise<void> {
    // Who waits is known to whoever holds the levels.
    await this.unitOfWork.takeTurn();
    for (let batch = 0; batch < BATCHES_MAX; batch++) {
      const free = stock.free;
      if (free.length === 0) return;
      const units = free.reduce((sum, level) => sum + level.available, 0);
      const limit = Math.min(units, BATCH_MAX);
      const productIds = free.map((level) => level.productId);
      const waiting = await this.demands.current.waiting(productIds, stock.warehouseId, limit);
      if (waiting.length === 0) return;
      await this.serve(
        stock,
        waiting.map((demand) => demand.orderId),
      );
      if (waiting.length < limit) return;
    }
    throw new Error('orders wait for stock that is available, and cannot be given it');
  }

  /** @param orderIds oldest first */
  private async serve(stock: LockedStock, orderIds: readonly string[]): Promise<void> {
    const locked = await this.demands.current.lockOrders(orderIds);
    const byId = new Map(locked.map((demand) => [demand.orderId, demand]));
    const changes = orderIds.flatMap((id) => {
      const demand = byId.get(id);
      return demand?.warehouseId === stock.warehouseId ? stock.reserveFor(demand) : [];
    });
    const given = changes.filter((change) => change.quantity > 0);
    if (given.length > 0) await this.demands.current.recordReserved(given);
  }
}
