import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { TenantRepository, UnitOfWork, violatedConstraint } from '#libs/database';
import { uuidv7 } from '#libs/kernel';
import { ProductQueries } from '#erp/catalog';
import { WarehouseNotFound } from '../warehouses/warehouse.errors.js';
import { LockedStock } from './locked-stock.js';
import { StockLevel } from './stock-level.entity.js';
import { ProductNotStockable } from './stock.errors.js';

// In product order, like the locks: two that open the same levels wait for each other, never in a circle.
const OPEN_MISSING = `
  insert into stock_level (tenant_id, id, product_id, warehouse_id)
  select $1, n.id, n.product_id, $2 from unnest($3::uuid[], $4::uuid[]) as n (id, product_id)
  where not exists (
    select from stock_level l where l.tenant_id = $1 and l.product_id = n.product_id and l.warehouse_id = $2)
  order by n.product_id
  on conflict (tenant_id, product_id, warehouse_id) do nothing
  returning product_id`;

// Their keys never change, so that movements, which refer to them, may be written meanwhile.
// Read and hydrated by hand: the busiest statement of all, of which TypeORM's hydration would be the greater part.
const LOCK = `
  select id, product_id, on_hand, reserved, value_minor, last_value_minor, last_quantity, created_at
  from stock_level
  where tenant_id = $1 and warehouse_id = $2 and product_id = any($3::uuid[])
  order by product_id
  for no key update`;

interface LevelRow {
  readonly id: string;
  readonly product_id: string;
  readonly on_hand: string;
  readonly reserved: string;
  readonly value_minor: string;
  readonly last_value_minor: string | null;
  readonly last_quantity: string | null;
  readonly created_at: Date;
}

/** The only way to stock levels; to change them, the only way is {@link lock}. */
@Injectable()
export class StockLevels extends TenantRepository<StockLevel> {
  constructor(
    unitOfWork: UnitOfWork,
    private readonly products: ProductQueries,
  ) {
    super(unitOfWork, StockLevel, ProductNotStockable);
  }

  /**
   * Locks the levels of these products in this warehouse until the unit of work ends, opening those that do not exist.
   * Rows are locked in the order of their products, whatever order they are asked for in: two callers cannot deadlock.
   * Lock stock before orders, invoices and accounts.
   * @throws ProductNotStockable, WarehouseNotFound
   */
  async lock(warehouseId: string, productIds: readonly string[]): Promise<LockedStock> {
    const ids = [...new Set(productIds)];
    const held = ids.flatMap((id) => this.unitOfWork.held<StockLevel>(holdKey(warehouseId, id)) ?? []);
    const known = new Set(held.map((level) => level.productId));
    const locked = await this.lockRows(
      warehouseId,
      ids.filter((id) => !known.has(id)),
    );
    this.hold(locked);
    return new LockedStock(warehouseId, [...held, ...locked]);
  }

  /** Like {@link lock}, of those that exist. */
  async lockKnown(warehouseId: string, productIds: readonly string[]): Promise<void> {
    const wanted = [...new Set(productIds)].filter((id) => !this.unitOfWork.held(holdKey(warehouseId, id)));
    if (wanted.length === 0) return;
    this.hold(await this.lockExisting(warehouseId, wanted));
  }

  /** Until the unit of work ends, nobody else can change them; the one after it finds them as they are then. */
  private hold(levels: readonly StockLevel[]): void {
    for (const level of levels) {
      const key = holdKey(level.warehouseId, level.productId);
      this.unitOfWork.hold(key, level);
      this.unitOfWork.leave(key, () => rowOf(level));
    }
  }

  /** Locks what is there; opens and locks the rest. */
  private async lockRows(warehouseId: string, productIds: readonly string[]): Promise<StockLevel[]> {
    if (productIds.length === 0) return [];
    const levels = await this.lockExisting(warehouseId, productIds);
    if (levels.length === productIds.length) return levels;
    const known = new Set(levels.map((level) => level.productId));
    const missing = productIds.filter((id) => !known.has(id));
    // Both statements leave together. The second sees what the first has waited for.
    const [opened, rest] = await Promise.all([
      this.openMissing(warehouseId, missing),
      this.lockExisting(warehouseId, missing),
    ]);
    if (opened.length > 0) await this.requireGoods(opened);
    return [...levels, ...rest];
  }

  private async openMissing(warehouseId: string, productIds: readonly string[]): Promise<string[]> {
    const ids = productIds.map(() => uuidv7());
    try {
      const rows = await this.unitOfWork.query<{ product_id: string }>(OPEN_MISSING, [
        currentTenant().id,
        warehouseId,
        ids,
        productIds,
      ]);
      return rows.map((row) => row.product_id);
    } catch (error) {
      const constraint = violatedConstraint(error);
      if (constraint === 'stock_level_product_fk') throw new ProductNotStockable(productIds);
      if (constraint === 'stock_level_warehouse_fk') throw new WarehouseNotFound(warehouseId);
      throw error;
    }
  }

  private async lockExisting(warehouseId: string, productIds: readonly string[]): Promise<StockLevel[]> {
    const parameters = [currentTenant().id, warehouseId, productIds];
    const foreseen = this.foreseenRows(warehouseId, productIds);
    const rows = foreseen
      ? this.unitOfWork.presume(foreseen, LOCK, parameters)
      : await this.unitOfWork.query<LevelRow>(LOCK, parameters);
    return this.loaded(rows.map((row) => levelOf(row, warehouseId)));
  }

  /** What locking them will give; null when one of them is not known. */
  private foreseenRows(warehouseId: string, productIds: readonly string[]): LevelRow[] | null {
    const rows = productIds
      .toSorted()
      .flatMap((id) => this.unitOfWork.foreseen<LevelRow>(holdKey(warehouseId, id)) ?? []);
    return rows.length === productIds.length ? rows : null;
  }

  private async requireGoods(productIds: readonly string[]): Promise<void> {
    const known = await this.products.byIds(productIds);
    const refused = productIds.filter((id) => known.get(id)?.kind !== 'goods');
    if (refused.length > 0) throw new ProductNotStockable(refused);
  }
}

function holdKey(warehouseId: string, productId: string): string {
  return `stock_level ${warehouseId} ${productId}`;
}

function rowOf(level: StockLevel): LevelRow {
  return {
    id: level.id,
    product_id: level.productId,
    on_hand: String(level.onHand),
    reserved: String(level.reserved),
    value_minor: String(level.valueMinor),
    last_value_minor: level.lastValueMinor === null ? null : String(level.lastValueMinor),
    last_quantity: level.lastQuantity === null ? null : String(level.lastQuantity),
    created_at: level.createdAt,
  };
}

function levelOf(row: LevelRow, warehouseId: string): StockLevel {
  const level = new StockLevel();
  level.tenantId = currentTenant().id;
  level.id = row.id;
  level.productId = row.product_id;
  level.warehouseId = warehouseId;
  level.onHand = Number(row.on_hand);
  level.reserved = Number(row.reserved);
  level.valueMinor = BigInt(row.value_minor);
  level.lastValueMinor = row.last_value_minor === null ? null : BigInt(row.last_value_minor);
  level.lastQuantity = row.last_quantity === null ? null : Number(row.last_quantity);
  level.createdAt = row.created_at;
  return level;
}
