import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Answers, IdParam, Refuses, RequiresPermission } from '#libs/http';
import {
  CurrencyMismatch,
  InvalidCursor,
  InvalidMoney,
  InvalidQuantity,
  MoneyOutOfRange,
  UnitPrice,
} from '#libs/kernel';
import { INVENTORY_READ, INVENTORY_WRITE } from '../../inventory.permissions.js';
import { ProductNotStockable, StockCostNegative, StockExternalRefTaken } from '../../stock/stock.errors.js';
import { WarehouseArchived, WarehouseNotFound } from '../../warehouses/warehouse.errors.js';
import { RecordStockReceipt } from '../record-stock-receipt.js';
import { StockReceiptNotFound } from '../stock-receipt.errors.js';
import { StockReceiptQueries } from '../stock-receipt.queries.js';
import {
  newStockReceiptSchema,
  presentRecordedReceipt,
  presentStockReceipt,
  stockReceiptDetailSchema,
  stockReceiptListQuery,
  stockReceiptPageSchema,
} from './stock-receipt.schemas.js';

/** Stock that came in. */
@ApiTags('Inventory')
@Controller({ path: 'stock-receipts', version: '1' })
export class StockReceiptsController {
  constructor(
    private readonly queries: StockReceiptQueries,
    private readonly recordStockReceipt: RecordStockReceipt,
  ) {}

  /** Receipts without their lines, newest first. */
  @Get()
  @RequiresPermission(INVENTORY_READ)
  @Answers(200, stockReceiptPageSchema)
  @Refuses(InvalidCursor)
  async list(@Query({ schema: stockReceiptListQuery }) query: z.output<typeof stockReceiptListQuery>) {
    const { limit, cursor, ...where } = query;
    const page = await this.queries.page({ limit, cursor, where });
    return { items: page.items.map(presentStockReceipt), nextCursor: page.nextCursor };
  }

  /** One receipt with its lines. */
  @Get(':id')
  @RequiresPermission(INVENTORY_READ)
  @Answers(200, stockReceiptDetailSchema)
  @Refuses(StockReceiptNotFound)
  async get(@IdParam() id: string) {
    return presentRecordedReceipt(await this.queries.get(id));
  }

  /** Takes stock in, and gives it to the orders that wait for it. */
  @Post()
  @RequiresPermission(INVENTORY_WRITE)
  @Answers(201, stockReceiptDetailSchema)
  @Refuses(
    WarehouseNotFound,
    WarehouseArchived,
    ProductNotStockable,
    StockExternalRefTaken,
    StockCostNegative,
    CurrencyMismatch,
    InvalidMoney,
    InvalidQuantity,
    MoneyOutOfRange,
  )
  async record(@Body({ schema: newStockReceiptSchema }) body: z.output<typeof newStockReceiptSchema>) {
    const lines = body.lines.map((line) => ({ ...line, unitCost: UnitPrice.fromJSON(line.unitCost) }));
    return presentRecordedReceipt(await this.recordStockReceipt.execute({ ...body, lines }));
  }
}
