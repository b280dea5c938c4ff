import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import { Warehouse, type WarehouseAddress } from './warehouse.entity.js';
import { Warehouses } from './warehouses.repository.js';

/** A new warehouse. */
export interface NewWarehouse {
  /** 1–20 of A–Z, 0–9 and `-`; unique within the tenant. */
  readonly code: string;
  readonly name: string;
  readonly address?: WarehouseAddress | null | undefined;
}

/** Opens a warehouse. */
@Injectable()
export class CreateWarehouse {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly warehouses: Warehouses,
  ) {}

  /** @throws WarehouseCodeTaken */
  async execute(input: NewWarehouse): Promise<Warehouse> {
    const warehouse = new Warehouse();
    warehouse.code = input.code;
    warehouse.name = input.name;
    warehouse.address = input.address ?? null;
    await this.unitOfWork.run(() => this.warehouses.store(warehouse));
    return warehouse;
  }
}
