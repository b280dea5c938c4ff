import { Injectable } from '@nestjs/common';
import { sqlState, UnitOfWork, violatedConstraint } from '#libs/database';
import { Product, type ProductKind } from './product.entity.js';
import { ProductSkuTaken } from './product.errors.js';
import { ProductsRepository } from './products.repository.js';
import { freeSlug, slugOf } from './slugs.js';

/** What a new product needs. */
export interface NewProduct {
  readonly sku: string;
  readonly name: string;
  /** Default: made from the name; numbered when that is taken. */
  readonly slug?: string | undefined;
  readonly description?: string | undefined;
  readonly kind: ProductKind;
  readonly categoryId?: string | null | undefined;
  readonly priceE4: bigint;
  readonly taxCode: string;
  readonly taxRatePpm: number;
}

/** Creates products, one or thousands, in a constant number of statements. */
@Injectable()
export class CreateProducts {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly products: ProductsRepository,
  ) {}

  /** @throws ProductSkuTaken */
  async execute(inputs: readonly NewProduct[]): Promise<Product[]> {
    return this.unitOfWork.run(async () => {
      const taken = await this.products.takenSlugs(inputs.map((input) => input.slug ?? slugOf(input.name)));
      const created = inputs.map((input) => newProduct(input, taken));
      try {
        await this.products.insert(created);
      } catch (error) {
        if (sqlState(error) === '23505' && violatedConstraint(error) === 'product_sku_unique') {
          throw new ProductSkuTaken(inputs.map((input) => input.sku));
        }
        throw error;
      }
      return created;
    });
  }
}

function newProduct(input: NewProduct, taken: Set<string>): Product {
  const product = new Product();
  product.sku = input.sku;
  product.name = input.name;
  product.slug = input.slug ?? freeSlug(slugOf(input.name), taken);
  product.description = input.description ?? '';
  product.kind = input.kind;
  product.categoryId = input.categoryId ?? null;
  product.priceE4 = input.priceE4;
  product.taxCode = input.taxCode;
  product.taxRatePpm = input.taxRatePpm;
  return product;
}
