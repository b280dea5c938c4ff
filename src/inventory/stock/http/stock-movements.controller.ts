import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { currentTenant } from '#libs/context';
import { Answers, Refuses, RequiresPermission } from '#libs/http';
import { InvalidCursor } from '#libs/kernel';
import { INVENTORY_READ } from '../../inventory.permissions.js';
import { StockQueries } from '../stock.queries.js';
import { presentStockMovement, stockMovementListQuery, stockMovementPageSchema } from './stock.schemas.js';

/** Every change of the stock. */
@ApiTags('Inventory')
@Controller({ path: 'stock-movements', version: '1' })
export class StockMovementsController {
  constructor(private readonly queries: StockQueries) {}

  /** Movements, newest first. */
  @Get()
  @RequiresPermission(INVENTORY_READ)
  @Answers(200, stockMovementPageSchema)
  @Refuses(InvalidCursor)
  async list(@Query({ schema: stockMovementListQuery }) query: z.output<typeof stockMovementListQuery>) {
    const { limit, cursor, ...where } = query;
    const page = await this.queries.movementPage({ limit, cursor, where });
    const { currency } = currentTenant();
    return { items: page.items.map((row) => presentStockMovement(row, currency)), nextCursor: page.nextCursor };
  }
}
