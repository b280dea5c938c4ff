import { Injectable } from '@nestjs/common';
import { LockStock } from '#erp/inventory';
import { UnitOfWork } from '#libs/database';
import { chunks } from './import-catalogue.js';
import type { ImportContext } from './import-context.js';
import type { InOrder } from './in-order.js';

/** Learns what is on the shelf of all that the documents will name, so that none of them has to wait to be told. */
@Injectable()
export class ForeseeStock {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly lockStock: LockStock,
  ) {}

  async execute({ warehouseId, productIds }: ImportContext, inOrder: InOrder): Promise<void> {
    for (const ids of chunks([...productIds.values()])) {
      await inOrder.begin(
        ({ predecessor }) => this.unitOfWork.run(() => this.lockStock.execute(warehouseId, ids), { predecessor }),
        { alone: true },
      );
    }
  }
}
