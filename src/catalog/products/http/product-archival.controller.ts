import { Controller, Delete, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ConcurrentModification } from '#libs/database';
import {
  Answers,
  IdParam,
  IfMatch,
  PreconditionFailed,
  Refuses,
  RequiresPermission,
  requireVersion,
  setETag,
} from '#libs/http';
import { CATALOG_WRITE } from '../../catalog.permissions.js';
import { ArchiveProduct } from '../archive-product.js';
import { ProductNotFound } from '../product.errors.js';
import { RestoreProduct } from '../restore-product.js';
import { presentProduct } from './product.presenters.js';
import { productSchema } from './product.schemas.js';

/** Taking products off sale, which is what becomes of them instead of being deleted: old documents name them. */
@ApiTags('Catalogue')
@Controller({ path: 'products/:id/archival', version: '1' })
@Refuses(ProductNotFound, PreconditionFailed, ConcurrentModification)
export class ProductArchivalController {
  constructor(
    private readonly archiveProduct: ArchiveProduct,
    private readonly restoreProduct: RestoreProduct,
  ) {}

  /** Takes the product off sale. Again, it changes nothing. */
  @Post()
  @RequiresPermission(CATALOG_WRITE)
  @Answers(200, productSchema)
  async archive(
    @IdParam() id: string,
    @IfMatch() expected: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const product = await this.archiveProduct.execute(id, (seen) => requireVersion(seen.version, expected));
    setETag(reply, product.version);
    return presentProduct(product);
  }

  /** Puts the product on sale again. */
  @Delete()
  @RequiresPermission(CATALOG_WRITE)
  @Answers(200, productSchema)
  async restore(
    @IdParam() id: string,
    @IfMatch() expected: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const product = await this.restoreProduct.execute(id, (seen) => requireVersion(seen.version, expected));
    setETag(reply, product.version);
    return presentProduct(product);
  }
}
