import { instantSchema, pageOf, pageQuery, text, uuid } from '#libs/http';
import { z } from 'zod';
import { slugSchema } from '../../http/fields.schemas.js';
import type { Category } from '../category.entity.js';

const nameSchema = text({ max: 120 });
const parentIdSchema = uuid.nullable().describe('The category above; null for a top category');
const positionSchema = z.int().min(0).max(1_000_000).describe('Order among its siblings, lowest first');

/** A category as the API answers it. */
export const categorySchema = z
  .strictObject({
    id: uuid,
    slug: slugSchema,
    name: z.string(),
    parentId: parentIdSchema,
    position: positionSchema,
    version: z.int(),
    createdAt: instantSchema,
    updatedAt: instantSchema,
  })
  .meta({ id: 'Category' });

/** Body of `POST /v1/categories`. */
export const newCategorySchema = z
  .strictObject({
    name: nameSchema,
    slug: slugSchema.optional().describe('Default: made from the name'),
    parentId: parentIdSchema.optional(),
    position: positionSchema.default(0),
  })
  .meta({ id: 'NewCategory' });

/** Body of `PATCH /v1/categories/{id}`. */
export const categoryChangesSchema = z
  .strictObject({
    name: nameSchema.optional(),
    slug: slugSchema.optional(),
    parentId: parentIdSchema.optional(),
    position: positionSchema.optional(),
  })
  .meta({ id: 'CategoryChanges' });

/** Query of `GET /v1/categories`. */
export const categoryListQuery = pageQuery({
  parentId: uuid.optional().describe('Those right below this one'),
  slug: slugSchema.optional(),
});
export const categoryPageSchema = pageOf(categorySchema);

/** The category as the API answers it. */
export function presentCategory(category: Category): z.input<typeof categorySchema> {
  const { id, slug, name, parentId, position, version, createdAt, updatedAt } = category;
  return {
    id,
    slug,
    name,
    parentId,
    position,
    version,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
