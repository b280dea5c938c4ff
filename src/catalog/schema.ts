import type { CapabilitySchema } from '#libs/database';
import { Category } from './categories/category.entity.js';
import { Catalog1763600300000 } from './migrations/1763600300000-catalog.js';
import { Product } from './products/product.entity.js';

/** Tables of the catalogue. */
export const catalogSchema: CapabilitySchema = { entities: [Category, Product], migrations: [Catalog1763600300000] };
