import { VersionedEntity } from '#libs/database';
import { Column, Entity } from 'typeorm';
import { WarehouseArchived } from './warehouse.errors.js';

export type WarehouseStatus = 'active' | 'archived';

/** Where a warehouse stands. Kept as it was given. */
export interface WarehouseAddress {
  readonly line1: string;
  readonly line2?: string | undefined;
  readonly city: string;
  readonly region?: string | undefined;
  readonly postalCode?: string | undefined;
  readonly country: string;
}

/** A place that holds stock. `code` is the tenant's own short name for it: upper case, unique. */
@Entity('warehouse')
export class Warehouse extends VersionedEntity {
  @Column({ type: 'text' })
  code!: string;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'jsonb' })
  address: WarehouseAddress | null = null;

  @Column({ type: 'text' })
  status: WarehouseStatus = 'active';

  /** Archived warehouses still give out what they hold, but take nothing in. @throws WarehouseArchived */
  requireActive(): void {
    if (this.status !== 'active') throw new WarehouseArchived(this.code);
  }
}
