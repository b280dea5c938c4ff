import { Injectable } from '@nestjs/common';
import { TenantRepository, UnitOfWork } from '#libs/database';
import { StockMovement } from './stock-movement.entity.js';
import { StockMovementNotFound } from './stock.errors.js';

/** The only way to the movements: they are inserted and read, the database refuses anything else. */
@Injectable()
export class StockMovements extends TenantRepository<StockMovement> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, StockMovement, StockMovementNotFound);
  }
}
