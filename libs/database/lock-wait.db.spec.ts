import { inTenant } from '#libs/tenancy';
import { createTestDatabase, testingModule, testTenant } from '#libs/testing';
import { UnitOfWork } from './index.js';
import { widget, widgetSchema, Widgets } from './testing/widget.js';

it('tells a wait for somebody else’s lock from a statement that is slow itself', async () => {
  const database = await createTestDatabase([widgetSchema]);
  const module = await testingModule(database, { providers: [Widgets] });
  const [unitOfWork, widgets] = [module.get(UnitOfWork), module.get(Widgets)];
  const tenant = testTenant(database);
  const run = <T>(work: () => Promise<T>) => inTenant(tenant, () => unitOfWork.run(work, { statementTimeoutMs: 500 }));
  const held = widget('held');
  await run(() => widgets.save(held));

  const holder = Promise.withResolvers<void>();
  const locked = Promise.withResolvers<void>();
  const holding = run(async () => {
    await widgets.getForUpdate(held.id);
    locked.resolve();
    await holder.promise;
  });
  await locked.promise;
  const waited = await run(() => widgets.getForUpdate(held.id)).catch((error: unknown) => error);
  holder.resolve();
  await holding;
  // 55P03: nothing is wrong with the work, so that a delivery spends no attempt on it.
  expect(waited).toMatchObject({ code: '55P03' });
  await expect(run(() => unitOfWork.query('select pg_sleep(2)'))).rejects.toMatchObject({ code: '57014' });
  await module.close();
  await database.drop();
});
