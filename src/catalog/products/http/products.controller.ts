import { Body, Controller, Get, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { ConcurrentModification } from '#libs/database';
import {
  Answers,
  IdParam,
  IfMatch,
  PreconditionFailed,
  Refuses,
  RequiresPermission,
  SearchLimit,
  requireVersion,
  setETag,
} from '#libs/http';
import { CurrencyMismatch, InvalidCursor, InvalidMoney, InvalidTaxRate, MoneyOutOfRange } from '#libs/kernel';
import { CATALOG_READ, CATALOG_WRITE } from '../../catalog.permissions.js';
import { CreateProducts } from '../create-products.js';
import { ProductCategoryUnknown, ProductNotFound, ProductSkuTaken, ProductSlugTaken } from '../product.errors.js';
import { ProductQueries } from '../product.queries.js';
import { UpdateProduct } from '../update-product.js';
import { presentProduct } from './product.presenters.js';
import { newProductOf, productChangesOf } from './product.requests.js';
import {
  newProductSchema,
  productChangesSchema,
  productListQuery,
  productPageSchema,
  productSchema,
} from './product.schemas.js';

const CONTENT_ERRORS = [
  ProductSkuTaken,
  ProductSlugTaken,
  ProductCategoryUnknown,
  CurrencyMismatch,
  InvalidMoney,
  InvalidTaxRate,
  MoneyOutOfRange,
] as const;

/** What the tenant sells, archived products included. */
@ApiTags('Catalogue')
@Controller({ path: 'products', version: '1' })
export class ProductsController {
  constructor(
    private readonly queries: ProductQueries,
    private readonly createProducts: CreateProducts,
    private readonly updateProduct: UpdateProduct,
  ) {}

  /** Products, newest first. */
  @Get()
  @RequiresPermission(CATALOG_READ)
  @SearchLimit('q')
  @Answers(200, productPageSchema)
  @Refuses(InvalidCursor)
  async list(@Query({ schema: productListQuery }) query: z.output<typeof productListQuery>) {
    const { limit, cursor, ...filter } = query;
    const page = await this.queries.page(filter, limit, cursor);
    return { items: page.items.map(presentProduct), nextCursor: page.nextCursor };
  }

  /** One product. */
  @Get(':id')
  @RequiresPermission(CATALOG_READ)
  @Answers(200, productSchema)
  @Refuses(ProductNotFound)
  async get(@IdParam() id: string, @Res({ passthrough: true }) reply: FastifyReply) {
    const product = await this.queries.get(id);
    setETag(reply, product.version);
    return presentProduct(product);
  }

  /** Creates a product; it is on sale at once. */
  @Post()
  @RequiresPermission(CATALOG_WRITE)
  @Answers(201, productSchema)
  @Refuses(...CONTENT_ERRORS)
  async create(
    @Body({ schema: newProductSchema }) body: z.output<typeof newProductSchema>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const product = await this.createProducts.one(newProductOf(body));
    reply.header('Location', `/v1/products/${product.id}`);
    setETag(reply, product.version);
    return presentProduct(product);
  }

  /** Changes a product; documents keep what they copied of it. */
  @Patch(':id')
  @RequiresPermission(CATALOG_WRITE)
  @Answers(200, productSchema)
  @Refuses(ProductNotFound, PreconditionFailed, ConcurrentModification, ...CONTENT_ERRORS)
  async change(
    @IdParam() id: string,
    @IfMatch() expected: number | undefined,
    @Body({ schema: productChangesSchema }) body: z.output<typeof productChangesSchema>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const changes = productChangesOf(body);
    const product = await this.updateProduct.execute(id, changes, (seen) => requireVersion(seen.version, expected));
    setETag(reply, product.version);
    return presentProduct(product);
  }
}
