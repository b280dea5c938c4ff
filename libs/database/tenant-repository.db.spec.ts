import type { TestingModule } from '@nestjs/testing';
import type { TenantIdentity } from '#libs/context';
import { inTenant } from '#libs/tenancy';
import { createTestDatabase, type TestDatabase, testingModule, testTenant } from '#libs/testing';
import { ConcurrentModification, UnitOfWork, UnitOfWorkRequired } from './index.js';
import { widget, WidgetNotFound, widgetSchema, Widgets } from './testing/widget.js';

let database: TestDatabase;
let module: TestingModule;
let unitOfWork: UnitOfWork;
let widgets: Widgets;
let ours: TenantIdentity;
let theirs: TenantIdentity;

beforeAll(async () => {
  database = await createTestDatabase([widgetSchema]);
  module = await testingModule(database, { providers: [Widgets] });
  unitOfWork = module.get(UnitOfWork);
  widgets = module.get(Widgets);
});

afterAll(async () => {
  await module.close();
  await database.drop();
});

beforeEach(() => {
  ours = testTenant(database);
  theirs = testTenant(database);
});

/** In a unit of work of the tenant. */
function as<T>(tenant: TenantIdentity, work: () => Promise<T>): Promise<T> {
  return inTenant(tenant, () => unitOfWork.run(work));
}

it('gives back what was saved, to the penny', async () => {
  const lamp = widget('lamp', 9_007_199_254_740_993n);
  await as(ours, () => widgets.save(lamp));
  const found = await as(ours, () => widgets.get(lamp.id));
  expect(found).toMatchObject({ name: 'lamp', priceMinor: 9_007_199_254_740_993n, version: 1, tenantId: ours.id });
});

it('shows a tenant none of another tenant’s rows, not even by raw SQL without a filter', async () => {
  const lamp = widget('lamp');
  await as(ours, () => widgets.save(lamp));
  await expect(as(theirs, () => widgets.get(lamp.id))).rejects.toBeInstanceOf(WidgetNotFound);
  expect(await as(theirs, () => unitOfWork.query('select * from widget'))).toEqual([]);
  expect(await as(theirs, () => unitOfWork.execute('delete from widget'))).toBe(0);
});

it('cannot write a row of another tenant', async () => {
  const forged = Object.assign(widget('forged'), { tenantId: theirs.id });
  await expect(as(ours, () => widgets.insert(forged))).rejects.toMatchObject({ code: '42501' });
});

it('refuses to work outside a unit of work', async () => {
  await expect(inTenant(ours, () => widgets.find())).rejects.toBeInstanceOf(UnitOfWorkRequired);
});

it('lets the second of two writers lose, naming both versions and what the first one changed', async () => {
  const lamp = widget('lamp');
  await as(ours, () => widgets.save(lamp));
  const first = await as(ours, () => widgets.get(lamp.id));
  const second = await as(ours, () => widgets.get(lamp.id));
  await as(ours, () => widgets.save(Object.assign(first, { name: 'first' })));
  const lost = await as(ours, () => widgets.save(Object.assign(second, { name: 'second' }))).catch(
    (error: unknown) => error,
  );
  expect(lost).toBeInstanceOf(ConcurrentModification);
  expect(lost).toMatchObject({ details: { expectedVersion: 1, currentVersion: 2, changed: ['name'] } });
  expect((await as(ours, () => widgets.get(lamp.id))).name).toBe('first');
});

it('tells a loser what others changed, not what it wanted to change itself', async () => {
  const lamp = widget('lamp of two');
  await as(ours, () => widgets.save(lamp));
  const stale = await as(ours, () => widgets.get(lamp.id));
  for (const [name, priceMinor] of [
    ['lamp of two', 5n],
    ['lamp of three', 6n],
    ['lamp of two', 7n],
  ] as const) {
    const other = await as(ours, () => widgets.get(lamp.id));
    await as(ours, () => widgets.save(Object.assign(other, { name, priceMinor })));
  }
  const lost = as(ours, () => widgets.save(Object.assign(stale, { name: 'mine' })));
  // The name is what it was: only the price is another one.
  await expect(lost).rejects.toMatchObject({
    message: expect.stringContaining('Changed meanwhile: priceMinor.'),
    details: { expectedVersion: 1, currentVersion: 4, changed: ['priceMinor'] },
  });
});

it('writes many rows in one statement each', async () => {
  const many = Array.from({ length: 500 }, (_, index) => widget(`w${index}`));
  await as(ours, async () => {
    await widgets.save(many);
    for (const one of many) one.priceMinor = 7n;
    await widgets.save(many);
  });
  const rows = await as(ours, () =>
    unitOfWork.query<{ n: number }>('select count(*)::int n from widget where price_minor = 7 and version = 2'),
  );
  expect(rows).toEqual([{ n: 500 }]);
});

it('holds a row for one writer at a time', async () => {
  const counter = widget('counter', 0n);
  await as(ours, () => widgets.save(counter));
  const increment = () =>
    as(ours, async () => {
      const row = await widgets.getForUpdate(counter.id);
      row.priceMinor += 1n;
      await widgets.save(row);
    });
  await Promise.all(Array.from({ length: 20 }, increment));
  expect((await as(ours, () => widgets.get(counter.id))).priceMinor).toBe(20n);
});

it('pages through all rows once, however they are sorted', async () => {
  const names = Array.from({ length: 7 }, (_, index) => `name-${(index * 3) % 7}`);
  await as(ours, () => widgets.save(names.map((name) => widget(name))));
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await as(ours, () =>
      widgets.page({ limit: 3, cursor, orderBy: { column: 'name', direction: 'ASC' } }),
    );
    seen.push(...page.items.map((item) => item.name));
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  expect(seen).toEqual(names.toSorted());
  await expect(as(ours, () => widgets.page({ limit: 3, cursor: 'bm9uc2Vuc2U' }))).rejects.toMatchObject({
    code: 'cursor.invalid',
  });
});

it('removes a row only at the version that was read', async () => {
  const lamp = widget('lamp');
  await as(ours, () => widgets.save(lamp));
  const stale = await as(ours, () => widgets.get(lamp.id));
  await as(ours, () => widgets.save(Object.assign(lamp, { name: 'lamp 2' })));
  await expect(as(ours, () => widgets.remove(stale))).rejects.toBeInstanceOf(ConcurrentModification);
  await as(ours, () => widgets.remove(lamp));
  expect(await as(ours, () => widgets.find())).toEqual([]);
});
