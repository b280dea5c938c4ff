import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { decodeCursor, encodeCursor, InvalidCursor, isUuid, type Page, searchWords } from '#libs/kernel';
import type { ProductKind } from '../products/product.entity.js';

/** A product with the category it stands in, as the storefront shows it. */
export interface ShownProduct {
  readonly slug: string;
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly kind: ProductKind;
  readonly category: { readonly slug: string; readonly name: string } | null;
  /** 1/10,000 of the tenant's currency, without tax. */
  readonly priceE4: bigint;
  readonly taxRatePpm: number;
}

/** What the list of products shows. */
export interface StorefrontFilter {
  /** Slug of a category: products in it and below it. */
  readonly category?: string | undefined;
  /** Words that name or SKU contain, in any order. */
  readonly q?: string | undefined;
}

interface Row {
  readonly slug: string;
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly kind: ProductKind;
  readonly price_e4: string;
  readonly tax_rate_ppm: number;
  readonly category_slug: string | null;
  readonly category_name: string | null;
  readonly search_text: string;
  readonly id: string;
}

const SHOWN = `
  select p.slug, p.sku, p.name, p.description, p.kind, p.price_e4, p.tax_rate_ppm, c.slug as category_slug,
    c.name as category_name, p.search_text, p.id
  from product p left join category c on c.tenant_id = p.tenant_id and c.id = p.category_id
  where p.tenant_id = $1 and p.status = 'active'`;

const inOrBelow = (slug: string) => `
  and p.category_id in (
    with recursive branch as (
      select id from category where tenant_id = $1 and slug = ${slug}
      union select child.id from category child join branch on child.tenant_id = $1 and child.parent_id = branch.id
    ) select id from branch)`;

/**
 * Products as everybody sees them: the hottest read of a shop. One statement by hand, the category joined, and rows made into
 * nothing more than is shown; through entities the same took several times the processor (docs/performance.md).
 */
@Injectable()
export class StorefrontProducts {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Products on sale by name, as a keyset page. An unknown category has none. @throws InvalidCursor */
  async page({ category, q }: StorefrontFilter, limit: number, cursor?: string): Promise<Page<ShownProduct>> {
    const parameters: unknown[] = [currentTenant().id];
    const parameter = (value: unknown) => `$${parameters.push(value)}`;
    const conditions: string[] = [];
    if (cursor !== undefined) {
      const [text, id] = positionOf(cursor);
      conditions.push(` and (p.search_text, p.id) > (${parameter(text)}, ${parameter(id)}::uuid)`);
    }
    if (category !== undefined) conditions.push(inOrBelow(parameter(category)));
    for (const word of searchWords(q ?? '')) conditions.push(` and strpos(p.search_text, ${parameter(word)}) > 0`);
    // The limit is part of the text: the plan of a prepared statement depends on it.
    const sql = `${SHOWN}${conditions.join('')} order by p.search_text, p.id limit ${Math.trunc(limit) + 1}`;
    return pageOf(await this.unitOfWork.readOne<Row>(sql, parameters), limit);
  }

  /** A product on sale. */
  async bySlug(slug: string): Promise<ShownProduct | undefined> {
    const rows = await this.unitOfWork.readOne<Row>(`${SHOWN} and p.slug = $2`, [currentTenant().id, slug]);
    return rows.map(shown)[0];
  }
}

function pageOf(rows: readonly Row[], limit: number): Page<ShownProduct> {
  const shownRows = rows.slice(0, limit);
  const last = shownRows.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items: shownRows.map(shown), nextCursor: more ? encodeCursor([last.search_text, last.id]) : null };
}

function positionOf(cursor: string): [text: string, id: string] {
  const position = decodeCursor(cursor);
  if (!Array.isArray(position) || position.length !== 2) throw new InvalidCursor();
  const [text, id] = position;
  // PostgreSQL's texts hold no NUL.
  if (typeof text !== 'string' || text.includes('\0')) throw new InvalidCursor();
  if (typeof id !== 'string' || !isUuid(id)) throw new InvalidCursor();
  return [text, id];
}

function shown(row: Row): ShownProduct {
  const { slug, sku, name, description, kind, category_slug: categorySlug, category_name: categoryName } = row;
  const category = categorySlug === null || categoryName === null ? null : { slug: categorySlug, name: categoryName };
  return {
    slug,
    sku,
    name,
    description,
    kind,
    category,
    priceE4: BigInt(row.price_e4),
    taxRatePpm: row.tax_rate_ppm,
  };
}
