import { Injectable } from '@nestjs/common';
import { CacheInvalidation } from '#libs/cache';
import { UnitOfWork } from '#libs/database';
import { storefrontTags } from '../storefront/storefront-tags.js';
import { Product, type ProductKind } from './product.entity.js';
import { ProductsRepository } from './products.repository.js';

/** What a new product needs. */
export interface NewProduct {
  readonly sku: string;
  readonly name: string;
  /** Default: made from the name; numbered when that is taken. */
  readonly slug?: string | undefined;
  readonly description?: string | undefined;
  readonly kind: ProductKind;
  readonly categoryId?: string | null | undefined;
  /** 1/10,000 of the tenant's currency. */
  readonly priceE4: bigint;
  readonly taxCode: string;
  /** Parts per million: 20 % is 200000. */
  readonly taxRatePpm: number;
}

/** Creates products, one or thousands, in a constant number of statements. */
@Injectable()
export class CreateProducts {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly products: ProductsRepository,
    private readonly invalidation: CacheInvalidation,
  ) {}

  /** Gives them in the order of the inputs. @throws ProductSkuTaken, ProductSlugTaken, ProductCategoryUnknown */
  async execute(inputs: readonly NewProduct[]): Promise<Product[]> {
    return this.unitOfWork.run(async () => {
      const slugs = await this.products.slugsFor(inputs);
      const created = inputs.map((input, index) => newProduct(input, slugs[index] ?? ''));
      await this.products.store(created);
      const [first] = created;
      if (first) await this.invalidation.outdate(first.id, storefrontTags.ofNewProducts);
      return created;
    });
  }

  /** Creates one. Throws as {@link execute} does. */
  async one(input: NewProduct): Promise<Product> {
    const [created] = await this.execute([input]);
    if (!created) throw new Error('nothing was created');
    return created;
  }
}

function newProduct(input: NewProduct, slug: string): Product {
  const product = new Product();
  product.sku = input.sku;
  product.name = input.name;
  product.slug = slug;
  product.description = input.description ?? '';
  product.kind = input.kind;
  product.categoryId = input.categoryId ?? null;
  product.priceE4 = input.priceE4;
  product.taxCode = input.taxCode;
  product.taxRatePpm = input.taxRatePpm;
  return product;
}
