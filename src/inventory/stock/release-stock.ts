import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import { AllocateWaiting } from './allocate-waiting.js';
import { StockLedger } from './stock-ledger.js';
import { StockLevels } from './stock-levels.repository.js';
import { requireQuantity } from './stock-quantity.js';

/** Reservations to take back. */
export interface ReleaseRequest {
  readonly warehouseId: string;
  readonly lines: readonly { readonly productId: string; readonly quantity: number }[];
}

/** Takes back reservations, and gives the units to whoever waits for them. */
@Injectable()
export class ReleaseStock {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly levels: StockLevels,
    private readonly allocateWaiting: AllocateWaiting,
    private readonly ledger: StockLedger,
  ) {}

  /**
   * The order's own rows must say already that it wants these units no more, or it would get them back at once.
   * @throws StockNotReserved, StockQuantityInvalid
   */
  async execute(request: ReleaseRequest): Promise<void> {
    for (const line of request.lines) requireQuantity(line.quantity);
    if (request.lines.length === 0) return;
    await this.unitOfWork.run(async () => {
      const productIds = request.lines.map((line) => line.productId);
      const stock = await this.levels.lock(request.warehouseId, productIds);
      for (const line of request.lines) stock.of(line.productId).release(line.quantity);
      await this.allocateWaiting.giveOut(stock);
      this.ledger.postReservations(stock);
    });
  }
}
