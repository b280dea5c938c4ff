import { Injectable } from '@nestjs/common';
import { TenantRepository, UnitOfWork, violatedConstraint } from '#libs/database';
import { Warehouse } from './warehouse.entity.js';
import { WarehouseCodeTaken, WarehouseNotFound } from './warehouse.errors.js';

/** The only way to the table of warehouses. */
@Injectable()
export class Warehouses extends TenantRepository<Warehouse> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, Warehouse, WarehouseNotFound);
  }

  /** Inserts or updates. @throws WarehouseCodeTaken, ConcurrentModification */
  async store(warehouse: Warehouse): Promise<void> {
    try {
      await this.save(warehouse);
    } catch (error) {
      if (violatedConstraint(error) === 'warehouse_code_key') throw new WarehouseCodeTaken(warehouse.code);
      throw error;
    }
  }
}
