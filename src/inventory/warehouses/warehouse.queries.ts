import { Injectable } from '@nestjs/common';
import { type PageRequest, UnitOfWork } from '#libs/database';
import type { Page } from '#libs/kernel';
import type { Warehouse } from './warehouse.entity.js';
import { Warehouses } from './warehouses.repository.js';

/** Reads of warehouses, for screens and other capabilities. */
@Injectable()
export class WarehouseQueries {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly warehouses: Warehouses,
  ) {}

  /** @throws WarehouseNotFound */
  async get(id: string): Promise<Warehouse> {
    return this.unitOfWork.read(() => this.warehouses.get(id));
  }

  /** A warehouse that takes orders and stock. @throws WarehouseNotFound, WarehouseArchived */
  async getActive(id: string): Promise<Warehouse> {
    const warehouse = await this.get(id);
    warehouse.requireActive();
    return warehouse;
  }

  /** By the tenant's own short name; null when there is none. */
  async byCode(code: string): Promise<Warehouse | null> {
    return this.unitOfWork.read(() => this.warehouses.findOne({ code }));
  }

  /** One page, by code. */
  async page(request: PageRequest<Warehouse>): Promise<Page<Warehouse>> {
    return this.unitOfWork.read(() => this.warehouses.page(request));
  }
}
