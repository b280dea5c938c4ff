import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import type { Page } from '#libs/kernel';
import { CategoriesRepository } from './categories.repository.js';
import type { Category } from './category.entity.js';

/** Which categories a list shows. */
export interface CategoryFilter {
  readonly parentId?: string | undefined;
  readonly slug?: string | undefined;
}

/** Reads of categories. */
@Injectable()
export class CategoryQueries {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly categories: CategoriesRepository,
  ) {}

  /** @throws CategoryNotFound */
  async get(id: string): Promise<Category> {
    return this.unitOfWork.read(() => this.categories.get(id));
  }

  /** One page, by position. */
  async page(filter: CategoryFilter, limit: number, cursor?: string): Promise<Page<Category>> {
    const { parentId, slug } = filter;
    const where = { ...(parentId !== undefined && { parentId }), ...(slug !== undefined && { slug }) };
    const orderBy = { column: 'position', direction: 'ASC' } as const;
    return this.unitOfWork.read(() => this.categories.page({ limit, cursor, where, orderBy }));
  }
}
