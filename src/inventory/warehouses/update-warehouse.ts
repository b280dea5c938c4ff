import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import type { Warehouse, WarehouseAddress, WarehouseStatus } from './warehouse.entity.js';
import { Warehouses } from './warehouses.repository.js';

/** What may change; a field that is left out stays as it is. */
export interface WarehouseChanges {
  readonly code?: string | undefined;
  readonly name?: string | undefined;
  readonly address?: WarehouseAddress | null | undefined;
  readonly status?: WarehouseStatus | undefined;
}

/** Renames, moves, archives or reopens a warehouse. */
@Injectable()
export class UpdateWarehouse {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly warehouses: Warehouses,
  ) {}

  /**
   * @param inspect sees the current row before it changes and may throw, e.g. when the client saw another version
   * @throws WarehouseNotFound, WarehouseCodeTaken, ConcurrentModification
   */
  async execute(id: string, changes: WarehouseChanges, inspect?: (current: Warehouse) => void): Promise<Warehouse> {
    return this.unitOfWork.run(async () => {
      const warehouse = await this.warehouses.get(id);
      inspect?.(warehouse);
      warehouse.code = changes.code ?? warehouse.code;
      warehouse.name = changes.name ?? warehouse.name;
      warehouse.status = changes.status ?? warehouse.status;
      if (changes.address !== undefined) warehouse.address = changes.address;
      await this.warehouses.store(warehouse);
      return warehouse;
    });
  }
}
