import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { type PageRequest, UnitOfWork } from '#libs/database';
import type { Page } from '#libs/kernel';
import type { StockLevel } from './stock-level.entity.js';
import { StockLevels } from './stock-levels.repository.js';
import type { StockMovement } from './stock-movement.entity.js';
import { StockMovements } from './stock-movements.repository.js';

/** Reads of levels and movements, for screens and other capabilities. */
@Injectable()
export class StockQueries {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly levels: StockLevels,
    private readonly movements: StockMovements,
  ) {}

  /** Levels of these products in a warehouse, by product id; products that never were there are missing. */
  async levelsOf(warehouseId: string, productIds: readonly string[]): Promise<Map<string, StockLevel>> {
    if (productIds.length === 0) return new Map();
    const where = { warehouseId, productId: In([...new Set(productIds)]) };
    const found = await this.unitOfWork.read(() => this.levels.find(where));
    return new Map(found.map((level) => [level.productId, level]));
  }

  /** One page of levels. */
  async levelPage(request: PageRequest<StockLevel>): Promise<Page<StockLevel>> {
    return this.unitOfWork.read(() => this.levels.page(request));
  }

  /** One page of movements, newest first. */
  async movementPage(request: PageRequest<StockMovement>): Promise<Page<StockMovement>> {
    return this.unitOfWork.read(() => this.movements.page(request));
  }
}
