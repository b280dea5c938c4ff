import { Injectable } from '@nestjs/common';
import type { ProductFacts } from '#erp/catalog';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { UnitPrice } from '#libs/kernel';
import { RecordOpeningStock } from '../receipts/record-opening-stock.js';
import { StockReceiptQueries } from '../receipts/stock-receipt.queries.js';
import { CreateWarehouse } from '../warehouses/create-warehouse.js';
import type { Warehouse } from '../warehouses/warehouse.entity.js';
import { WarehouseQueries } from '../warehouses/warehouse.queries.js';
import { type DemoWarehouse, demoWarehouses } from './demo-warehouses.js';

/** A warehouse of the demo company and what was there when its books were opened. */
export interface DemoStock {
  readonly warehouse: Warehouse;
  /** False when an earlier run had put the stock in already. */
  readonly opened: boolean;
}

/** Bought for this share of the price. */
const COST_PERCENT = 55n;

/** Gives the demo company its warehouses, each with opening stock of all goods. */
@Injectable()
export class SeedDemoStock {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly warehouses: WarehouseQueries,
    private readonly createWarehouse: CreateWarehouse,
    private readonly receipts: StockReceiptQueries,
    private readonly recordOpeningStock: RecordOpeningStock,
  ) {}

  /** Does what is not done yet, a warehouse at a time: opening stock is known by its external reference. */
  async execute(products: readonly ProductFacts[]): Promise<DemoStock[]> {
    const goods = products.filter((product) => product.kind === 'goods');
    const stocks: DemoStock[] = [];
    for (const plan of demoWarehouses) stocks.push(await this.unitOfWork.run(() => this.seed(plan, goods)));
    return stocks;
  }

  private async seed(plan: DemoWarehouse, goods: readonly ProductFacts[]): Promise<DemoStock> {
    const { stock, ...facts } = plan;
    const warehouse = (await this.warehouses.byCode(plan.code)) ?? (await this.createWarehouse.execute(facts));
    const externalRef = `demo-opening-${plan.code}`;
    if (await this.receipts.hasExternalRef(externalRef)) return { warehouse, opened: false };
    const { currency } = currentTenant();
    const lines = goods.map(({ id, priceE4 }, index) => ({
      productId: id,
      quantity: stock.least + ((index * 37) % stock.spread),
      unitCost: UnitPrice.of((priceE4 * COST_PERCENT) / 100n, currency),
    }));
    const reference = `Opening stock ${plan.code}`;
    await this.recordOpeningStock.execute({ warehouseId: warehouse.id, reference, externalRef, lines });
    return { warehouse, opened: true };
  }
}
