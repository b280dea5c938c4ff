import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import { AllocateWaiting } from './allocate-waiting.js';
import type { LockedStock } from './locked-stock.js';
import { StockLedger, type StockMove } from './stock-ledger.js';
import { StockLevels } from './stock-levels.repository.js';
import { requireLines, requireQuantity } from './stock-quantity.js';
import { StockCostNegative } from './stock.errors.js';

/** One line that comes back. */
export interface ReturnLine {
  /** The line of the document that takes the goods back. */
  readonly lineId: string;
  readonly productId: string;
  readonly quantity: number;
  /** What these units cost when they left, in minor units; null or left out when nobody knows. */
  readonly costMinor?: bigint | null;
}

/** Goods that customers send back. */
export interface ReturnRequest {
  readonly warehouseId: string;
  /** The document that takes them back, e.g. the credit note. */
  readonly documentId: string;
  readonly businessDate: string;
  readonly reference?: string | null;
  readonly lines: readonly ReturnLine[];
}

/** What the units of one line are worth now that they are back. */
export interface ReturnedLine {
  readonly lineId: string;
  readonly costMinor: bigint;
}

/** Puts returned units back on the shelf, and gives them to whoever waits for them. */
@Injectable()
export class ReturnStock {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly levels: StockLevels,
    private readonly allocateWaiting: AllocateWaiting,
    private readonly ledger: StockLedger,
  ) {}

  /**
   * Units re-enter at the cost they left with when that is known, else at the current average (issue 2, section 5).
   * Gives that cost per line, in the order of the request.
   * @throws StockQuantityInvalid, StockCostNegative, StockDocumentSize, ProductNotStockable
   */
  async execute(request: ReturnRequest): Promise<ReturnedLine[]> {
    requireLines(request.lines);
    for (const line of request.lines) requireReturnable(line);
    return this.unitOfWork.run(async () => {
      const productIds = request.lines.map((line) => line.productId);
      const stock = await this.levels.lock(request.warehouseId, productIds);
      const moves = request.lines.map((line) => takeBack(stock, line));
      await this.allocateWaiting.giveOut(stock);
      this.ledger.post(
        {
          kind: 'return',
          type: 'sales_return',
          id: request.documentId,
          warehouseId: request.warehouseId,
          businessDate: request.businessDate,
          reference: request.reference ?? null,
        },
        stock,
        moves,
      );
      return moves.map(({ lineId, valueMinor }) => ({ lineId, costMinor: valueMinor }));
    });
  }
}

function takeBack(stock: LockedStock, { lineId, productId, quantity, costMinor }: ReturnLine): StockMove {
  const level = stock.of(productId);
  const valueMinor = costMinor ?? level.averageValueOf(quantity);
  level.receive(quantity, valueMinor);
  return { lineId, productId, quantity, valueMinor };
}

function requireReturnable(line: ReturnLine): void {
  requireQuantity(line.quantity);
  if (line.costMinor !== undefined && line.costMinor !== null && line.costMinor < 0n) {
    throw new StockCostNegative(line.productId);
  }
}
