import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { AppConfig } from '#libs/config';
import { Answers, CachedPublicRead, Public, Refuses, SearchLimit } from '#libs/http';
import { InvalidCursor } from '#libs/kernel';
import { CategoryNotFound } from '../../categories/category.errors.js';
import { slugSchema } from '../../http/fields.schemas.js';
import { ProductNotFound } from '../../products/product.errors.js';
import { StorefrontQueries } from '../storefront.queries.js';
import { storefrontTags } from '../storefront-tags.js';
import {
  catalogCategoryListQuery,
  catalogCategoryPageSchema,
  catalogProductListQuery,
  catalogProductPageSchema,
  catalogProductSchema,
  presentCatalogCategory,
  presentCatalogProduct,
} from './storefront.schemas.js';

/** Writes flush what is kept; caches on the way, which no flush reaches, may be half a minute late. */
const KEPT = {
  name: 'catalog',
  freshS: ({ cache }: AppConfig) => cache.catalogueTtlS,
  staleS: 60,
  sharedS: 30,
} as const;

/** The catalogue as everybody may see it: what is on sale, of the tenant that header or host name. */
@ApiTags('Public catalogue')
@Controller({ path: 'catalog', version: '1' })
@Public()
export class StorefrontController {
  constructor(private readonly queries: StorefrontQueries) {}

  /** Products on sale, by name. */
  @Get('products')
  @SearchLimit('q')
  @CachedPublicRead({ ...KEPT, tags: storefrontTags.productList, warmUp: ['', '?limit=20'] })
  @Answers(200, catalogProductPageSchema)
  @Refuses(CategoryNotFound, InvalidCursor)
  async products(@Query({ schema: catalogProductListQuery }) query: z.output<typeof catalogProductListQuery>) {
    const { limit, cursor, ...filter } = query;
    const page = await this.queries.productPage(filter, limit, cursor);
    return { items: page.items.map(presentCatalogProduct), nextCursor: page.nextCursor };
  }

  /** A product on sale. */
  @Get('products/:slug')
  @CachedPublicRead({ ...KEPT, tags: ({ slug = '' }) => storefrontTags.product(slug) })
  @Answers(200, catalogProductSchema)
  @Refuses(ProductNotFound)
  async product(@Param('slug', { schema: slugSchema }) slug: string) {
    return presentCatalogProduct(await this.queries.product(slug));
  }

  /** All categories, by position. */
  @Get('categories')
  @CachedPublicRead({ ...KEPT, tags: storefrontTags.categoryList, warmUp: [''] })
  @Answers(200, catalogCategoryPageSchema)
  @Refuses(InvalidCursor)
  async categories(@Query({ schema: catalogCategoryListQuery }) query: z.output<typeof catalogCategoryListQuery>) {
    const page = await this.queries.categoryPage(query.limit, query.cursor);
    return { items: page.items.map(presentCatalogCategory), nextCursor: page.nextCursor };
  }
}
