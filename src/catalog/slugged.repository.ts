import { currentTenant } from '#libs/context';
import { type TenantEntity, TenantRepository } from '#libs/database';
import { freeSlug, slugOf } from './slugs.js';

/** A row that wants a slug: its own, or one made of its name. */
export interface SlugWish {
  readonly name: string;
  readonly slug?: string | undefined;
}

/** A repository of rows that are reached by slug. Slugs are unique per tenant and table; a constraint sees to that. */
export abstract class SluggedRepository<E extends TenantEntity> extends TenantRepository<E> {
  protected abstract readonly table: 'category' | 'product';

  /**
   * The slugs of new rows, in their order. Names that are taken get the lowest free number behind them; whoever else
   * wants a slug made for this table waits until this unit of work has ended, so that two creators of the same name
   * both succeed. Two statements, however many rows; none when each brings its own slug.
   */
  async slugsFor(wishes: readonly SlugWish[]): Promise<string[]> {
    const made = new Set(wishes.filter((wish) => wish.slug === undefined).map((wish) => slugOf(wish.name)));
    const taken = made.size === 0 ? new Set<string>() : await this.takenAround([...made]);
    for (const { slug } of wishes) if (slug !== undefined) taken.add(slug);
    return wishes.map((wish) => wish.slug ?? freeSlug(slugOf(wish.name), taken));
  }

  /** The slugs, and those that begin with one of them and a hyphen, that are in use. */
  private async takenAround(slugs: readonly string[]): Promise<Set<string>> {
    const tenantId = currentTenant().id;
    await this.unitOfWork.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `${this.table}.slug ${tenantId}`,
    ]);
    // A range of the unique index: in bytes '.' comes right after '-', and before letters and digits.
    const rows = await this.unitOfWork.query<{ slug: string }>(
      `select row.slug from unnest($2::text[], $3::text[]) as wanted(low, high)
       join ${this.table} row on row.tenant_id = $1 and row.slug >= wanted.low and row.slug < wanted.high`,
      [tenantId, slugs, slugs.map((slug) => `${slug}.`)],
    );
    return new Set(rows.map((row) => row.slug));
  }
}
