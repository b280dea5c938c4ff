import type { TestingModule } from '@nestjs/testing';
import type { TenantIdentity } from '#libs/context';
import { inTenant } from '#libs/tenancy';
import { createTestDatabase, type TestDatabase, testingModule, testTenant } from '#libs/testing';
import { UnitOfWork } from './index.js';
import { widget, widgetSchema, Widgets } from './testing/widget.js';

let database: TestDatabase;
let module: TestingModule;
let unitOfWork: UnitOfWork;
let widgets: Widgets;
let tenant: TenantIdentity;

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
  tenant = testTenant(database);
});

it('reads once for all who ask in it, and again in the next one', async () => {
  let reads = 0;
  const read = () =>
    unitOfWork.once('count', async () => {
      reads += 1;
      return (await widgets.find()).length;
    });
  const both = await inTenant(tenant, () => unitOfWork.run(() => Promise.all([read(), read()])));
  expect([both, reads]).toEqual([[0, 0], 1]);
  await inTenant(tenant, () => unitOfWork.run(() => widgets.save(widget('one'))));
  expect([await inTenant(tenant, () => unitOfWork.read(read)), reads]).toEqual([1, 2]);
});

it('knows the rows that were inserted here, and forgets them with their unit of work', async () => {
  const one = widget('one');
  const bornHere = () => unitOfWork.isBornHere(one.id);
  const within = await inTenant(tenant, () =>
    unitOfWork.run(async () => {
      const before = bornHere();
      await widgets.save(one);
      return [before, bornHere(), unitOfWork.isBornHere(widget('two').id)];
    }),
  );
  expect(within).toEqual([false, true, false]);
  expect(await inTenant(tenant, () => unitOfWork.run(async () => bornHere()))).toBe(false);
});
