import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { businessDate, Clock, CurrencyMismatch, type UnitPrice } from '#libs/kernel';
import { AllocateWaiting } from '../stock/allocate-waiting.js';
import { StockLedger, type StockMove } from '../stock/stock-ledger.js';
import { StockLevels } from '../stock/stock-levels.repository.js';
import { requireLines, requireQuantity } from '../stock/stock-quantity.js';
import type { StockDocument } from '../stock/stock.events.js';
import { StockCostNegative } from '../stock/stock.errors.js';
import { Warehouses } from '../warehouses/warehouses.repository.js';
import { StockReceiptLine } from './stock-receipt-line.entity.js';
import { StockReceipt, type StockReceiptKind } from './stock-receipt.entity.js';
import type { RecordedStockReceipt } from './recorded-stock-receipt.js';
import { StockReceipts } from './stock-receipts.repository.js';

/** One product that came in. The same product may stand on several lines, at different costs. */
export interface NewStockReceiptLine {
  readonly productId: string;
  readonly quantity: number;
  /** In the tenant's currency, zero or more. */
  readonly unitCost: UnitPrice;
}

/** A delivery, or the stock that was there when the books were opened. */
export interface NewStockReceipt {
  /** Default `receipt`. An `opening` is booked against equity, a receipt against goods received. */
  readonly kind?: StockReceiptKind | undefined;
  readonly warehouseId: string;
  /** Default: today, where the tenant is. */
  readonly businessDate?: string | undefined;
  readonly reference?: string | null | undefined;
  /** Refused when another receipt has it: a repetition is not recorded twice. */
  readonly externalRef?: string | null | undefined;
  readonly lines: readonly NewStockReceiptLine[];
}

/** Takes stock in at its cost, and gives it to the orders that wait for it. */
@Injectable()
export class RecordStockReceipt {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly warehouses: Warehouses,
    private readonly levels: StockLevels,
    private readonly receipts: StockReceipts,
    private readonly allocateWaiting: AllocateWaiting,
    private readonly ledger: StockLedger,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws WarehouseNotFound, WarehouseArchived, ProductNotStockable, StockExternalRefTaken, StockDocumentSize,
   * StockQuantityInvalid, StockCostNegative, CurrencyMismatch
   */
  async execute(input: NewStockReceipt): Promise<RecordedStockReceipt> {
    const document = this.documentOf(input);
    const { receipt, lines } = document;
    await this.unitOfWork.run(async () => {
      (await this.warehouses.get(receipt.warehouseId)).requireActive();
      const productIds = lines.map((line) => line.productId);
      const stock = await this.levels.lock(receipt.warehouseId, productIds);
      for (const line of lines) stock.of(line.productId).receive(line.quantity, line.valueMinor);
      await this.receipts.record(document);
      await this.allocateWaiting.giveOut(stock);
      this.ledger.post(documentFor(receipt), stock, lines.map(moveOf));
    });
    return document;
  }

  private documentOf(input: NewStockReceipt): RecordedStockReceipt {
    const { currency, timeZone } = currentTenant();
    requireLines(input.lines);
    const receipt = new StockReceipt();
    const lines = input.lines.map((line, index) => lineOf(receipt, line, index + 1, currency));
    receipt.kind = input.kind ?? 'receipt';
    receipt.warehouseId = input.warehouseId;
    receipt.businessDate = input.businessDate ?? businessDate(this.clock.now(), timeZone);
    receipt.reference = input.reference ?? null;
    receipt.externalRef = input.externalRef ?? null;
    receipt.currency = currency;
    receipt.valueMinor = lines.reduce((sum, line) => sum + line.valueMinor, 0n);
    return { receipt, lines };
  }
}

function lineOf(
  receipt: StockReceipt,
  { productId, quantity, unitCost }: NewStockReceiptLine,
  lineNo: number,
  currency: string,
): StockReceiptLine {
  requireQuantity(quantity);
  if (unitCost.currency !== currency) throw new CurrencyMismatch(currency, unitCost.currency);
  if (unitCost.e4 < 0n) throw new StockCostNegative(productId);
  const line = new StockReceiptLine();
  line.receiptId = receipt.id;
  line.lineNo = lineNo;
  line.productId = productId;
  line.quantity = quantity;
  line.unitCostE4 = unitCost.e4;
  line.valueMinor = unitCost.extend(quantity).minor;
  return line;
}

function documentFor({ kind, id, warehouseId, businessDate, reference }: StockReceipt): StockDocument {
  return { kind, type: 'stock_receipt', id, warehouseId, businessDate, reference };
}

function moveOf({ id, productId, quantity, valueMinor }: StockReceiptLine): StockMove {
  return { lineId: id, productId, quantity, valueMinor };
}
