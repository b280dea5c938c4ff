import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { UnitOfWork, violatedConstraint } from '#libs/database';
import { currentTenant } from '#libs/context';
import type { DomainError } from '#libs/kernel';
import { SluggedRepository } from '../slugged.repository.js';
import { Category } from './category.entity.js';
import {
  CategoryCycle,
  CategoryInUse,
  CategoryNotFound,
  CategoryParentUnknown,
  CategorySlugTaken,
} from './category.errors.js';

/** The only place that reads and writes categories. */
@Injectable()
export class CategoriesRepository extends SluggedRepository<Category> {
  protected readonly table = 'category';

  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, Category, CategoryNotFound);
  }

  /** Categories by slug; unknown ones are left out. */
  async findBySlugs(slugs: readonly string[]): Promise<Category[]> {
    return this.find({ slug: In([...new Set(slugs)]) });
  }

  /** Inserts or updates. @throws CategorySlugTaken, CategoryParentUnknown, CategoryCycle, ConcurrentModification */
  async store(categories: Category | readonly Category[]): Promise<void> {
    try {
      await this.save(categories);
    } catch (error) {
      throw refusal(error) ?? error;
    }
  }

  /** Deletes an empty category. @throws CategoryInUse, ConcurrentModification */
  async removeUnused(category: Category): Promise<void> {
    try {
      await this.remove(category);
    } catch (error) {
      const constraint = violatedConstraint(error);
      const inUse = constraint === 'product_category_fk' || constraint === 'category_parent_fk';
      throw inUse ? new CategoryInUse(category.id) : error;
    }
  }

  /** The category and all below it, by id. */
  async idsBelow(id: string): Promise<string[]> {
    const rows = await this.unitOfWork.query<{ id: string }>(
      `with recursive branch as (
         select id from category where tenant_id = $1 and id = $2
         union select child.id from category child join branch on child.tenant_id = $1 and child.parent_id = branch.id
       ) select id from branch`,
      [currentTenant().id, id],
    );
    return rows.map((row) => row.id);
  }
}

function refusal(error: unknown): DomainError | undefined {
  switch (violatedConstraint(error)) {
    case 'category_slug_unique':
      return new CategorySlugTaken();
    case 'category_parent_fk':
      return new CategoryParentUnknown();
    case 'category_tree':
      return new CategoryCycle();
    default:
      return undefined;
  }
}
