import { UnitOfWork } from '#libs/database';
import { uuidv7 } from '#libs/kernel';
import { inTenant, ProvisioningSteps } from '#libs/tenancy';
import { createTestDatabase, testingModule, testTenant } from '#libs/testing';
import { AccountingModule } from '../index.js';
import { accountingSchema } from '../schema.js';
import { JournalQueries } from './journal.queries.js';
import { type Leg, PostEntries } from './post-entries.js';

it('gives every entry of a page with all its lines, however many that makes', async () => {
  const database = await createTestDatabase([accountingSchema]);
  const module = await testingModule(database, { imports: [AccountingModule] });
  const run = <T>(work: () => Promise<T>): Promise<T> => inTenant(tenant, () => module.get(UnitOfWork).run(work));
  const tenant = testTenant(database);
  await run(async () => {
    for (const step of module.get(ProvisioningSteps).inOrder()) await step.run({} as never);
  });
  const legs = Array.from({ length: 60 }, (_, index): Leg => {
    return { account: { role: index % 2 ? 'revenue' : 'receivable' }, amountMinor: index % 2 ? -100n : 100n };
  });
  const entries = Array.from({ length: 200 }, () => {
    const source = { kind: 'manual', sourceType: 'manual', sourceId: uuidv7() } as const;
    return { ...source, entryDate: '2026-05-05', description: 'Many lines', legs };
  });
  await run(() => module.get(PostEntries).execute(entries));
  const { items } = await run(() => module.get(JournalQueries).page({}, 200));
  expect(new Set(items.map((entry) => entry.lines.length))).toEqual(new Set([60]));
  await module.close();
  await database.drop();
});
