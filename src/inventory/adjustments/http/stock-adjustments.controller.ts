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
import {
  ProductNotStockable,
  StockCostNegative,
  StockExternalRefTaken,
  StockInsufficient,
} from '../../stock/stock.errors.js';
import { WarehouseNotFound } from '../../warehouses/warehouse.errors.js';
import { RecordStockAdjustment } from '../record-stock-adjustment.js';
import { AdjustmentCostNotAllowed, StockAdjustmentNotFound } from '../stock-adjustment.errors.js';
import { StockAdjustmentQueries } from '../stock-adjustment.queries.js';
import {
  newStockAdjustmentSchema,
  presentRecordedAdjustment,
  presentStockAdjustment,
  stockAdjustmentDetailSchema,
  stockAdjustmentListQuery,
  stockAdjustmentPageSchema,
} from './stock-adjustment.schemas.js';

/** Corrections of the stock. */
@ApiTags('Inventory')
@Controller({ path: 'stock-adjustments', version: '1' })
export class StockAdjustmentsController {
  constructor(
    private readonly queries: StockAdjustmentQueries,
    private readonly recordStockAdjustment: RecordStockAdjustment,
  ) {}

  /** Adjustments without their lines, newest first. */
  @Get()
  @RequiresPermission(INVENTORY_READ)
  @Answers(200, stockAdjustmentPageSchema)
  @Refuses(InvalidCursor)
  async list(@Query({ schema: stockAdjustmentListQuery }) query: z.output<typeof stockAdjustmentListQuery>) {
    const { limit, cursor, ...where } = query;
    const page = await this.queries.page({ limit, cursor, where });
    return { items: page.items.map(presentStockAdjustment), nextCursor: page.nextCursor };
  }

  /** One adjustment with its lines. */
  @Get(':id')
  @RequiresPermission(INVENTORY_READ)
  @Answers(200, stockAdjustmentDetailSchema)
  @Refuses(StockAdjustmentNotFound)
  async get(@IdParam() id: string) {
    return presentRecordedAdjustment(await this.queries.get(id));
  }

  /** Corrects the stock; units that are reserved cannot be written off. */
  @Post()
  @RequiresPermission(INVENTORY_WRITE)
  @Answers(201, stockAdjustmentDetailSchema)
  @Refuses(
    WarehouseNotFound,
    ProductNotStockable,
    StockInsufficient,
    StockExternalRefTaken,
    StockCostNegative,
    AdjustmentCostNotAllowed,
    CurrencyMismatch,
    InvalidMoney,
    InvalidQuantity,
    MoneyOutOfRange,
  )
  async record(@Body({ schema: newStockAdjustmentSchema }) body: z.output<typeof newStockAdjustmentSchema>) {
    const lines = body.lines.map(({ unitCost, ...line }) => ({
      ...line,
      unitCost: unitCost && UnitPrice.fromJSON(unitCost),
    }));
    return presentRecordedAdjustment(await this.recordStockAdjustment.execute({ ...body, lines }));
  }
}
