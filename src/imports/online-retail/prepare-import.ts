import { Injectable } from '@nestjs/common';
import { CreateWarehouse, RecordOpeningStock, StockQueries, WarehouseQueries } from '#erp/inventory';
import { currentTenant } from '#libs/context';
import { divideHalfEven, UnitPrice } from '#libs/kernel';
import { chunks, ImportCatalogue } from './import-catalogue.js';
import { type ImportContext, known } from './import-context.js';
import { localInstant } from './local-instant.js';
import { SettledBooks } from './settled-books.js';
import type { Survey, SurveyedProduct } from './survey.js';

const WAREHOUSE = 'MAIN';

/**
 * Brings warehouse, products, customers and opening stock to where the documents need them. What is there already stays
 * as it is, so that an interrupted run goes on and a second file adds to the first.
 */
@Injectable()
export class PrepareImport {
  constructor(
    private readonly catalogue: ImportCatalogue,
    private readonly warehouses: WarehouseQueries,
    private readonly createWarehouse: CreateWarehouse,
    private readonly stock: StockQueries,
    private readonly recordOpeningStock: RecordOpeningStock,
    private readonly books: SettledBooks,
  ) {}

  /** @param openingCostPercent what opening stock is valued at, in percent of the first price */
  async execute(survey: Survey, openingCostPercent: number): Promise<ImportContext> {
    const warehouse = await this.warehouse();
    const productIds = await this.catalogue.products([...survey.products.values()]);
    const customerIds = await this.catalogue.customers(survey);
    const context = { warehouseId: warehouse, productIds, customerIds };
    await this.openingStock(survey, context, openingCostPercent);
    return context;
  }

  private async warehouse(): Promise<string> {
    const found = await this.warehouses.byCode(WAREHOUSE);
    return (found ?? (await this.createWarehouse.execute({ code: WAREHOUSE, name: 'Main warehouse' }))).id;
  }

  /** Only what is missing from the shelf: after an interruption that is nothing, for a second file its own needs. */
  private async openingStock(survey: Survey, context: ImportContext, percent: number): Promise<void> {
    const { currency, timeZone } = currentTenant();
    if (survey.first === null) return;
    const now = localInstant(survey.first, timeZone);
    for (const products of chunks([...survey.products.values()])) {
      const levels = await this.stock.levelsOf(
        context.warehouseId,
        products.map((product) => known(context.productIds, product.sku)),
      );
      const lines = products.flatMap((product) => {
        const productId = known(context.productIds, product.sku);
        const quantity = product.openingQuantity - (levels.get(productId)?.available ?? 0);
        return quantity > 0 ? [{ productId, quantity, unitCost: costOf(product, percent, currency) }] : [];
      });
      if (lines.length > 0) await this.receive(context.warehouseId, lines, now);
    }
  }

  private async receive(
    warehouseId: string,
    lines: readonly { productId: string; quantity: number; unitCost: UnitPrice }[],
    now: Date,
  ): Promise<void> {
    const opening = { warehouseId, reference: 'Opening stock', lines };
    await this.books.run({ now }, () => this.recordOpeningStock.execute(opening));
  }
}

function costOf({ priceE4 }: SurveyedProduct, percent: number, currency: string): UnitPrice {
  return UnitPrice.of(divideHalfEven(priceE4 * BigInt(percent), 100n), currency);
}
