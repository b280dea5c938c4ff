import { Body, Controller, Delete, Get, Patch, Post, Query, Res } from '@nestjs/common';
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
  requireVersion,
  setETag,
} from '#libs/http';
import { InvalidCursor } from '#libs/kernel';
import { CATALOG_READ, CATALOG_WRITE } from '../../catalog.permissions.js';
import {
  CategoryCycle,
  CategoryInUse,
  CategoryNotFound,
  CategoryParentUnknown,
  CategorySlugTaken,
} from '../category.errors.js';
import { CategoryQueries } from '../category.queries.js';
import { CreateCategories } from '../create-categories.js';
import { RemoveCategory } from '../remove-category.js';
import { UpdateCategory } from '../update-category.js';
import {
  categoryChangesSchema,
  categoryListQuery,
  categoryPageSchema,
  categorySchema,
  newCategorySchema,
  presentCategory,
} from './category.schemas.js';

/** The tree that products stand in. */
@ApiTags('Catalogue')
@Controller({ path: 'categories', version: '1' })
export class CategoriesController {
  constructor(
    private readonly queries: CategoryQueries,
    private readonly createCategories: CreateCategories,
    private readonly updateCategory: UpdateCategory,
    private readonly removeCategory: RemoveCategory,
  ) {}

  /** Categories, by position. */
  @Get()
  @RequiresPermission(CATALOG_READ)
  @Answers(200, categoryPageSchema)
  @Refuses(InvalidCursor)
  async list(@Query({ schema: categoryListQuery }) query: z.output<typeof categoryListQuery>) {
    const { limit, cursor, ...filter } = query;
    const page = await this.queries.page(filter, limit, cursor);
    return { items: page.items.map(presentCategory), nextCursor: page.nextCursor };
  }

  /** One category. */
  @Get(':id')
  @RequiresPermission(CATALOG_READ)
  @Answers(200, categorySchema)
  @Refuses(CategoryNotFound)
  async get(@IdParam() id: string, @Res({ passthrough: true }) reply: FastifyReply) {
    const category = await this.queries.get(id);
    setETag(reply, category.version);
    return presentCategory(category);
  }

  /** Creates a category. */
  @Post()
  @RequiresPermission(CATALOG_WRITE)
  @Answers(201, categorySchema)
  @Refuses(CategorySlugTaken, CategoryParentUnknown, CategoryCycle)
  async create(
    @Body({ schema: newCategorySchema }) body: z.output<typeof newCategorySchema>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const category = await this.createCategories.one(body);
    reply.header('Location', `/v1/categories/${category.id}`);
    setETag(reply, category.version);
    return presentCategory(category);
  }

  /** Renames or moves a category, with all that is below it. */
  @Patch(':id')
  @RequiresPermission(CATALOG_WRITE)
  @Answers(200, categorySchema)
  @Refuses(
    CategoryNotFound,
    CategorySlugTaken,
    CategoryParentUnknown,
    CategoryCycle,
    PreconditionFailed,
    ConcurrentModification,
  )
  async change(
    @IdParam() id: string,
    @IfMatch() expected: number | undefined,
    @Body({ schema: categoryChangesSchema }) body: z.output<typeof categoryChangesSchema>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const category = await this.updateCategory.execute(id, body, (seen) => requireVersion(seen.version, expected));
    setETag(reply, category.version);
    return presentCategory(category);
  }

  /** Removes a category that nothing is in. */
  @Delete(':id')
  @RequiresPermission(CATALOG_WRITE)
  @Answers(204)
  @Refuses(CategoryNotFound, CategoryInUse, PreconditionFailed, ConcurrentModification)
  async remove(@IdParam() id: string, @IfMatch() expected: number | undefined): Promise<void> {
    await this.removeCategory.execute(id, (seen) => requireVersion(seen.version, expected));
  }
}
