import { Column, Entity } from 'typeorm';
import { minorUnits, VersionedEntity } from '#libs/database';
import { searchText } from '#libs/kernel';

/** Goods are kept in stock; services are sold without. */
export type ProductKind = 'goods' | 'service';

/** Archived products stay in old documents and can no longer be sold. */
export type ProductStatus = 'active' | 'archived';

/** Something the tenant sells. Documents copy what they need of it, so that editing it changes no document. */
@Entity('product')
export class Product extends VersionedEntity {
  /** The tenant's own code; unique per tenant and compared exactly, case included. */
  @Column({ type: 'text' })
  sku!: string;

  /** Part of public URLs; unique per tenant. */
  @Column({ type: 'text' })
  slug!: string;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text' })
  description: string = '';

  @Column({ type: 'text' })
  kind!: ProductKind;

  @Column({ type: 'uuid', name: 'category_id', nullable: true })
  categoryId!: string | null;

  /** Price of one unit in 1/10,000 of the tenant's currency. Whether it includes tax is decided by the order. */
  @Column({ type: 'bigint', name: 'price_e4', transformer: minorUnits })
  priceE4!: bigint;

  @Column({ type: 'text', name: 'tax_code' })
  taxCode!: string;

  /** Parts per million: 20 % is 200000. */
  @Column({ type: 'integer', name: 'tax_rate_ppm' })
  taxRatePpm!: number;

  @Column({ type: 'text' })
  status: ProductStatus = 'active';

  /** What the product is found by and sorted by. Derived, so that no change of a name can forget it. */
  @Column({ type: 'text', name: 'search_text', select: false })
  get searchText(): string {
    return searchText(this.name, this.sku);
  }

  /** Takes it off sale. Gives false when it was archived already. */
  archive(): boolean {
    if (this.status === 'archived') return false;
    this.status = 'archived';
    return true;
  }

  /** Puts it on sale again. Gives false when it is. */
  restore(): boolean {
    if (this.status === 'active') return false;
    this.status = 'active';
    return true;
  }
}
