import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import type { LockedStock } from './locked-stock.js';
import { StockLedger, type StockMove } from './stock-ledger.js';
import { StockLevels } from './stock-levels.repository.js';
import { StockQuantityInvalid } from './stock.errors.js';
import { requireLines, requireQuantity } from './stock-quantity.js';

/** One line that leaves the warehouse. */
export interface IssueLine {
  /** The shipment's line. */
  readonly lineId: string;
  readonly productId: string;
  readonly quantity: number;
  /** Units of `quantity` that come out of the order's reservation; the others must be available. Default: all. */
  readonly reserved?: number;
}

/** A shipment that leaves the warehouse. */
export interface IssueRequest {
  readonly warehouseId: string;
  readonly shipmentId: string;
  /** The tenant's local date of the shipment. */
  readonly businessDate: string;
  /** What people call it, e.g. the order's number. */
  readonly reference?: string | null;
  readonly lines: readonly IssueLine[];
}

/** What the units of one line cost when they left. */
export interface IssuedLine {
  readonly lineId: string;
  readonly costMinor: bigint;
}

/** Takes shipped units off the stock. Changes no reservation of an order line: that is the shipping verb's own row. */
@Injectable()
export class IssueStock {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly levels: StockLevels,
    private readonly ledger: StockLedger,
  ) {}

  /**
   * Gives the cost of each line, in the order of the request: keep it, it is what a return re-enters at.
   * @throws StockInsufficient, StockNotReserved, StockQuantityInvalid, StockDocumentSize
   */
  async execute(request: IssueRequest): Promise<IssuedLine[]> {
    requireLines(request.lines);
    for (const line of request.lines) requireIssuable(line);
    return this.unitOfWork.run(async () => {
      const productIds = request.lines.map((line) => line.productId);
      const stock = await this.levels.lock(request.warehouseId, productIds);
      const moves = takeOut(stock, request.lines);
      this.ledger.post(
        {
          kind: 'shipment',
          type: 'sales_shipment',
          id: request.shipmentId,
          warehouseId: request.warehouseId,
          businessDate: request.businessDate,
          reference: request.reference ?? null,
        },
        stock,
        moves,
      );
      return moves.map(({ lineId, valueMinor }) => ({ lineId, costMinor: -valueMinor }));
    });
  }
}

function takeOut(stock: LockedStock, lines: readonly IssueLine[]): StockMove[] {
  return lines.map(({ lineId, productId, quantity, reserved = quantity }) => {
    const cost = stock.of(productId).ship(quantity, reserved);
    return { lineId, productId, quantity: -quantity, valueMinor: -cost };
  });
}

function requireIssuable({ quantity, reserved = quantity }: IssueLine): void {
  requireQuantity(quantity);
  if (!Number.isInteger(reserved) || reserved < 0 || reserved > quantity) throw new StockQuantityInvalid(reserved);
}
