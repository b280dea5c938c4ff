import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { currentTenant } from '#libs/context';
import { Answers, Refuses, RequiresPermission } from '#libs/http';
import { InvalidCursor } from '#libs/kernel';
import { INVENTORY_READ } from '../../inventory.permissions.js';
import { StockQueries } from '../stock.queries.js';
import { presentStockLevel, stockLevelListQuery, stockLevelPageSchema } from './stock.schemas.js';

/** What is on hand, reserved and available. */
@ApiTags('Inventory')
@Controller({ path: 'stock-levels', version: '1' })
export class StockLevelsController {
  constructor(private readonly queries: StockQueries) {}

  /** Levels, the one opened last first. A product that never was in a warehouse has none there. */
  @Get()
  @RequiresPermission(INVENTORY_READ)
  @Answers(200, stockLevelPageSchema)
  @Refuses(InvalidCursor)
  async list(@Query({ schema: stockLevelListQuery }) query: z.output<typeof stockLevelListQuery>) {
    const { limit, cursor, ...where } = query;
    const page = await this.queries.levelPage({ limit, cursor, where });
    const { currency } = currentTenant();
    return { items: page.items.map((level) => presentStockLevel(level, currency)), nextCursor: page.nextCursor };
  }
}
