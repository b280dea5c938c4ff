import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { businessDate, Clock, CurrencyMismatch, type UnitPrice } from '#libs/kernel';
import { AllocateWaiting } from '../stock/allocate-waiting.js';
import type { LockedStock } from '../stock/locked-stock.js';
import { StockLedger, type StockMove } from '../stock/stock-ledger.js';
import { StockLevels } from '../stock/stock-levels.repository.js';
import { requireLines, requireSignedQuantity } from '../stock/stock-quantity.js';
import type { StockDocument } from '../stock/stock.events.js';
import { StockCostNegative } from '../stock/stock.errors.js';
import { Warehouses } from '../warehouses/warehouses.repository.js';
import { StockAdjustmentLine } from './stock-adjustment-line.entity.js';
import { StockAdjustment } from './stock-adjustment.entity.js';
import { AdjustmentCostNotAllowed } from './stock-adjustment.errors.js';
import type { RecordedStockAdjustment } from './recorded-stock-adjustment.js';
import { StockAdjustments } from './stock-adjustments.repository.js';

/** Units of one product that were found or lost. */
export interface NewStockAdjustmentLine {
  readonly productId: string;
  /** Found (positive) or lost (negative); never 0. */
  readonly quantity: number;
  readonly reason: string;
  /** Of units found, in the tenant's currency. Default: the current average; the last known cost of an empty level. */
  readonly unitCost?: UnitPrice | null | undefined;
}

/** A correction of the stock. */
export interface NewStockAdjustment {
  readonly warehouseId: string;
  /** Default: today, where the tenant is. */
  readonly businessDate?: string | undefined;
  readonly reference?: string | null | undefined;
  /** Refused when another adjustment has it: a repetition is not recorded twice. */
  readonly externalRef?: string | null | undefined;
  /** Worked off in this order; the same product may come again. */
  readonly lines: readonly NewStockAdjustmentLine[];
}

/** Corrects the stock, and gives what was found to the orders that wait for it. */
@Injectable()
export class RecordStockAdjustment {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly warehouses: Warehouses,
    private readonly levels: StockLevels,
    private readonly adjustments: StockAdjustments,
    private readonly allocateWaiting: AllocateWaiting,
    private readonly ledger: StockLedger,
    private readonly clock: Clock,
  ) {}

  /**
   * Units that are reserved cannot be written off: cancel or release the order first.
   * @throws WarehouseNotFound, StockInsufficient, ProductNotStockable, StockExternalRefTaken, StockDocumentSize,
   * StockQuantityInvalid, StockCostNegative, AdjustmentCostNotAllowed, CurrencyMismatch
   */
  async execute(input: NewStockAdjustment): Promise<RecordedStockAdjustment> {
    requireLines(input.lines);
    for (const line of input.lines) requireAdjustable(line);
    return this.unitOfWork.run(async () => {
      await this.warehouses.get(input.warehouseId);
      const productIds = input.lines.map((line) => line.productId);
      const stock = await this.levels.lock(input.warehouseId, productIds);
      const document = this.documentOf(input, stock);
      await this.adjustments.record(document);
      await this.allocateWaiting.giveOut(stock);
      this.ledger.post(documentFor(document.adjustment), stock, document.lines.map(moveOf));
      return document;
    });
  }

  private documentOf(input: NewStockAdjustment, stock: LockedStock): RecordedStockAdjustment {
    const { currency, timeZone } = currentTenant();
    const adjustment = new StockAdjustment();
    const lines = input.lines.map((line, index) => applied(adjustment, line, index + 1, stock));
    adjustment.warehouseId = input.warehouseId;
    adjustment.businessDate = input.businessDate ?? businessDate(this.clock.now(), timeZone);
    adjustment.reference = input.reference ?? null;
    adjustment.externalRef = input.externalRef ?? null;
    adjustment.currency = currency;
    adjustment.valueMinor = lines.reduce((sum, line) => sum + line.valueMinor, 0n);
    return { adjustment, lines };
  }
}

/** The line, done to its level: what it is worth shows only then. */
function applied(
  adjustment: StockAdjustment,
  { productId, quantity, reason, unitCost }: NewStockAdjustmentLine,
  lineNo: number,
  stock: LockedStock,
): StockAdjustmentLine {
  const line = new StockAdjustmentLine();
  line.adjustmentId = adjustment.id;
  line.lineNo = lineNo;
  line.productId = productId;
  line.quantity = quantity;
  line.reason = reason;
  line.unitCostE4 = unitCost?.e4 ?? null;
  line.valueMinor = stock.of(productId).adjust(quantity, unitCost?.extend(quantity).minor);
  return line;
}

function requireAdjustable({ productId, quantity, unitCost }: NewStockAdjustmentLine): void {
  requireSignedQuantity(quantity);
  if (unitCost === undefined || unitCost === null) return;
  if (quantity < 0) throw new AdjustmentCostNotAllowed(productId);
  const { currency } = currentTenant();
  if (unitCost.currency !== currency) throw new CurrencyMismatch(currency, unitCost.currency);
  if (unitCost.e4 < 0n) throw new StockCostNegative(productId);
}

function documentFor({ id, warehouseId, businessDate, reference }: StockAdjustment): StockDocument {
  return { kind: 'adjustment', type: 'stock_adjustment', id, warehouseId, businessDate, reference };
}

function moveOf({ id, productId, quantity, valueMinor }: StockAdjustmentLine): StockMove {
  return { lineId: id, productId, quantity, valueMinor };
}
