import { inTenant } from '#libs/tenancy';
import { UnitOfWork } from '#libs/database';
import { uuidv7 } from '#libs/kernel';
import { CatalogStage } from '../testing/index.js';
import {
  CategoryCycle,
  CategoryInUse,
  CategoryNotFound,
  CategoryParentUnknown,
  CategorySlugTaken,
} from './category.errors.js';
import { CategoryQueries } from './category.queries.js';
import { CreateCategories } from './create-categories.js';
import { RemoveCategory } from './remove-category.js';
import { type CategoryChanges, UpdateCategory } from './update-category.js';

let stage: CatalogStage;

beforeAll(async () => {
  stage = await CatalogStage.open();
});

afterAll(() => stage.close());

beforeEach(() => stage.freshTenant());

const update = (id: string, changes: CategoryChanges, on = stage) =>
  on.run(() => on.module.get(UpdateCategory).execute(id, changes));
const remove = (id: string) => stage.run(() => stage.module.get(RemoveCategory).execute(id));

/** Names of the categories from this one up; `…` when it goes round in circles. */
async function pathOf(id: string, on = stage): Promise<string> {
  const [row] = await on.query<{ path: string }>(
    `with recursive up as (
       select id, parent_id, name from category where id = $1
       union all select c.id, c.parent_id, c.name from category c join up on c.id = up.parent_id
     ) cycle id set round using visited
     select string_agg(case when round then '…' else name end, ' < ') as path from up`,
    [id],
  );
  return row?.path ?? '';
}

describe('the tree', () => {
  it('takes categories below others, and moves whole branches', async () => {
    const home = await stage.category('Home');
    const kitchen = await stage.category('Kitchen', { parentId: home.id });
    const mugs = await stage.category('Mugs', { parentId: kitchen.id });
    const sale = await stage.category('Sale');
    expect(await pathOf(mugs.id)).toBe('Mugs < Kitchen < Home');
    await update(kitchen.id, { parentId: sale.id });
    expect(await pathOf(mugs.id)).toBe('Mugs < Kitchen < Sale');
    await update(kitchen.id, { parentId: null });
    expect(await pathOf(mugs.id)).toBe('Mugs < Kitchen');
  });

  it('refuses a category below itself, right away or further up', async () => {
    const home = await stage.category('Home');
    const kitchen = await stage.category('Kitchen', { parentId: home.id });
    const mugs = await stage.category('Mugs', { parentId: kitchen.id });
    for (const parent of [home, kitchen, mugs]) {
      await expect(update(home.id, { parentId: parent.id })).rejects.toThrow(CategoryCycle);
    }
    expect(await pathOf(mugs.id)).toBe('Mugs < Kitchen < Home');
  });

  it('refuses a ring made by one insert, whether the row is in it or below it', async () => {
    const [a, b, c] = [uuidv7(), uuidv7(), uuidv7()];
    const insert = (rows: readonly (readonly [string, string])[]) =>
      stage.query(
        `insert into category (tenant_id, id, slug, name, parent_id, version, updated_at)
         select $1, id, 'ring-' || row_number() over (), 'Ring', parent, 1, now() from unnest($2::uuid[], $3::uuid[]) as r(id, parent)`,
        [stage.tenant.id, rows.map(([id]) => id), rows.map(([, parent]) => parent)],
      );
    const tree = { constraint: 'category_tree' };
    await expect(insert([[a, a]])).rejects.toMatchObject(tree);
    await expect(insert([[a, b], [b, a]])).rejects.toMatchObject(tree); // prettier-ignore
    await expect(insert([[a, b], [b, c], [c, b]])).rejects.toMatchObject(tree); // prettier-ignore
  });

  it('refuses what nests deeper than 100', async () => {
    let parentId: string | null = null;
    for (let depth = 0; depth <= 100; depth++) parentId = (await stage.category(`Level ${depth}`, { parentId })).id;
    await expect(stage.category('Too deep', { parentId })).rejects.toThrow(CategoryCycle);
  });

  it('refuses a parent of nobody and one of another tenant alike', async () => {
    const foreign = await stage.category('Theirs');
    stage.freshTenant();
    const mine = await stage.category('Mine');
    for (const parentId of [foreign.id, uuidv7()]) {
      await expect(stage.category('Below', { parentId })).rejects.toThrow(CategoryParentUnknown);
      await expect(update(mine.id, { parentId })).rejects.toThrow(CategoryParentUnknown);
    }
  });
});

describe('two moves that would close a ring together', () => {
  /** Moves A below B and, before that is committed, B below A. Gives what became of the second move, and A's path. */
  async function race(on: CatalogStage): Promise<[PromiseSettledResult<unknown>, string]> {
    const a = await on.category('A');
    const b = await on.category('B');
    const gate = Promise.withResolvers<void>();
    const first = on.run(async () => {
      await on.module.get(UpdateCategory).execute(a.id, { parentId: b.id });
      await gate.promise;
    });
    await on.untilHeld('category');
    const second = Promise.allSettled([update(b.id, { parentId: a.id }, on)]);
    await Promise.race([second, on.untilSomebodyWaits()]);
    gate.resolve();
    await first;
    const [outcome] = await second;
    return [outcome, await pathOf(a.id, on)];
  }

  it('are not both let through', async () => {
    const [outcome, path] = await race(stage);
    expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(CategoryCycle) });
    expect(path).toBe('A < B');
  });

  it('leave a tree when twenty of them race', async () => {
    const ring = await Promise.all(Array.from({ length: 5 }, (_, index) => stage.category(`R${index}`)));
    const moves = Array.from({ length: 20 }, (_, index) =>
      update(ring[index % 5]!.id, { parentId: ring[(index * 3 + 1) % 5]!.id }),
    );
    await Promise.allSettled(moves);
    for (const { id } of ring) expect(await pathOf(id)).not.toContain('…');
  });

  it.each([
    [
      'the lock',
      `do $$ begin execute replace(pg_get_functiondef('category_stays_a_tree'::regproc), 'perform pg_advisory', '-- pg_advisory'); end $$`,
    ],
    ['the trigger', 'drop trigger category_stays_a_tree_when_moved on category'],
  ])('are both let through without %s: it is what refuses', async (_, mutation) => {
    const mutated = await CatalogStage.open();
    try {
      await mutated.database.asOwner(mutation);
      const [outcome, path] = await race(mutated);
      expect(outcome.status).toBe('fulfilled');
      expect(path).toBe('A < B < …');
    } finally {
      await mutated.close();
    }
  });
});

describe('removal', () => {
  it('takes a category that nothing is in', async () => {
    const { id } = await stage.category('Empty');
    await remove(id);
    await expect(remove(id)).rejects.toThrow(CategoryNotFound);
  });

  it('is refused while a product, even an archived one, or a category is in it', async () => {
    const mugs = await stage.category('Mugs');
    await stage.product('MUG', { categoryId: mugs.id });
    await expect(remove(mugs.id)).rejects.toThrow(CategoryInUse);
    const home = await stage.category('Home');
    await stage.category('Kitchen', { parentId: home.id });
    await expect(remove(home.id)).rejects.toThrow(CategoryInUse);
    expect(await stage.query('select from category')).toHaveLength(3);
  });

  it('and a product that comes into it at the same moment do not both succeed', async () => {
    for (let round = 0; round < 10; round++) {
      const { id } = await stage.category(`Round ${round}`);
      const settled = await Promise.allSettled([remove(id), stage.product(`P${round}`, { categoryId: id })]);
      expect(settled.filter((each) => each.status === 'fulfilled')).toHaveLength(1);
    }
    const orphans = `select from product p where not exists (select from category c where c.id = p.category_id)`;
    expect(await stage.query(orphans)).toEqual([]);
  });
});

it('keeps slugs apart, and makes them of the names when none is given', async () => {
  const made = await stage.run(() =>
    stage.module.get(CreateCategories).execute([{ name: 'Tea & Coffee' }, { name: 'Tea / Coffee' }]),
  );
  expect(made.map(({ slug }) => slug)).toEqual(['tea-coffee', 'tea-coffee-2']);
  await expect(stage.category('Tea', { slug: 'tea-coffee' })).rejects.toThrow(CategorySlugTaken);
  await expect(update(made[1]!.id, { slug: 'tea-coffee' })).rejects.toThrow(CategorySlugTaken);
});

it('lists by position, page by page, the ones of the tenant only', async () => {
  const names = ['Third', 'First', 'Second', 'Also third'];
  const positions = [3, 1, 2, 3];
  for (const [index, name] of names.entries()) await stage.category(name, { position: positions[index] });
  const other = stage.tenant;
  stage.freshTenant();
  await stage.category('Theirs');
  const page = (cursor?: string) =>
    inTenant(other, () =>
      stage.module.get(UnitOfWork).run(() => stage.module.get(CategoryQueries).page({}, 3, cursor)),
    );
  const first = await page();
  const second = await page(first.nextCursor ?? undefined);
  expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(['First', 'Second', 'Third', 'Also third']);
  expect(second.nextCursor).toBeNull();
});
