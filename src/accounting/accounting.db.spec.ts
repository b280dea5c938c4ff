import type { TestingModule } from '@nestjs/testing';
import type { TenantIdentity } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { uuidv7 } from '#libs/kernel';
import { inTenant, ProvisioningSteps } from '#libs/tenancy';
import { createTestDatabase, type TestDatabase, testingModule, testTenant } from '#libs/testing';
import {
  AccountingModule,
  LedgerBooksCheck,
  type PostableFact,
  PostBusinessFacts,
  TrialBalanceQueries,
} from './index.js';
import { AccountQueries } from './accounts/account.queries.js';
import { AccountClosed, AccountCodeTaken, AccountInUseByRole, AccountKeptByStock } from './accounts/account.errors.js';
import { ChangeAccount, CreateAccount } from './accounts/manage-accounts.js';
import { PostManualEntry } from './journal/post-manual-entry.js';
import { accountingSchema } from './schema.js';

let database: TestDatabase;
let module: TestingModule;
let tenant: TenantIdentity;

beforeAll(async () => {
  database = await createTestDatabase([accountingSchema]);
  module = await testingModule(database, { imports: [AccountingModule] });
});

afterAll(async () => {
  await module.close();
  await database.drop();
});

beforeEach(async () => {
  tenant = testTenant(database);
  await run(async () => {
    for (const step of module.get(ProvisioningSteps).inOrder()) await step.run({} as never);
  });
});

const run = <T>(work: () => Promise<T>): Promise<T> => inTenant(tenant, () => module.get(UnitOfWork).run(work));
const post = (...facts: PostableFact[]) => run(() => module.get(PostBusinessFacts).execute(facts));
const balances = async (at = '2026-12-31') => {
  const trial = await run(() => module.get(TrialBalanceQueries).at(at));
  const used = trial.lines.filter((line) => line.debitMinor + line.creditMinor > 0n);
  return Object.fromEntries(used.map((line) => [line.name, line.debitMinor - line.creditMinor]));
};
const document = (businessDate: string, netMinor: bigint, taxMinor: bigint) => ({
  documentId: uuidv7(),
  number: 'INV-2026-000001',
  businessDate,
  netMinor,
  taxMinor,
  totalMinor: netMinor + taxMinor,
});

it('posts the life of an order', async () => {
  const businessDate = '2026-05-05';
  const stock = (documentType: 'receipt' | 'shipment' | 'return' | 'adjustment', valueMinor: bigint): PostableFact => ({
    type: 'stock',
    facts: { eventId: uuidv7(), documentType, documentId: uuidv7(), businessDate, valueMinor, reference: null },
  });
  await post(
    stock('receipt', 10_000n),
    { type: 'invoice', facts: document(businessDate, 5_000n, 1_000n) },
    stock('shipment', -3_000n),
    { type: 'payment', facts: { paymentId: uuidv7(), businessDate, amountMinor: 6_000n } },
    { type: 'credit_note', facts: document(businessDate, 500n, 100n) },
    stock('return', 300n),
    { type: 'refund', facts: { refundId: uuidv7(), businessDate, amountMinor: 600n } },
    stock('adjustment', -50n),
    stock('adjustment', 20n),
  );
  expect(await balances()).toEqual({
    Bank: 5_400n,
    'Trade receivables': 0n,
    Inventory: 7_270n,
    'Goods received, not invoiced': -10_000n,
    'Tax payable': -900n,
    Sales: -4_500n,
    'Stock gains': -20n,
    'Cost of goods sold': 2_700n,
    'Stock losses': 50n,
  });
  expect(await run(() => module.get(LedgerBooksCheck).faults())).toEqual([]);
});

it('has a trial balance of zero at any date, counting what was posted up to that date', async () => {
  for (const date of ['2026-01-31', '2026-02-01', '2026-02-15', '2026-03-01']) {
    await post({ type: 'invoice', facts: document(date, 100n, 0n) });
  }
  for (const [at, receivable] of [
    ['2026-01-30', undefined],
    ['2026-01-31', 100n],
    ['2026-02-14', 200n],
    ['2026-02-15', 300n],
    ['2026-12-31', 400n],
  ] as const) {
    const trial = await run(() => module.get(TrialBalanceQueries).at(at));
    expect(trial.debitMinor).toBe(trial.creditMinor);
    expect((await balances(at))['Trade receivables']).toBe(receivable);
  }
});

it.each(['made in the same unit of work', 'made before'])('posts a document once that was %s', async (when) => {
  const facts = document('2026-05-05', 100n, 0n);
  await run(async () => {
    if (when === 'made in the same unit of work') module.get(UnitOfWork).born([facts.documentId]);
    for (const _ of [1, 2]) await module.get(PostBusinessFacts).execute([{ type: 'invoice', facts }]);
  });
  await post({ type: 'invoice', facts });
  expect((await balances())['Trade receivables']).toBe(100n);
});

it('posts nothing for a document that is worth nothing', async () => {
  await post({ type: 'invoice', facts: document('2026-05-05', 0n, 0n) });
  expect(await balances()).toEqual({});
});

it('posts an entry by hand on active accounts only', async () => {
  const cash = await run(() => module.get(CreateAccount).execute({ code: '1010', name: 'Petty cash', type: 'asset' }));
  const chart = await run(() => module.get(AccountQueries).page(50));
  const bank = chart.items.find((account) => account.role === 'bank');
  const lines = [
    { accountId: cash.id, amountMinor: 500n },
    { accountId: bank?.id ?? '', amountMinor: -500n },
  ];
  const entry = { entryDate: '2026-06-01', description: 'Cash for stamps', lines };
  await run(() => module.get(PostManualEntry).execute(entry));
  expect(await balances()).toEqual({ Bank: -500n, 'Petty cash': 500n });
  await run(() => module.get(ChangeAccount).execute(cash.id, { status: 'closed' }, () => undefined));
  await expect(run(() => module.get(PostManualEntry).execute(entry))).rejects.toBeInstanceOf(AccountClosed);
});

it('leaves the value of the stock to what moves stock', async () => {
  const { items } = await run(() => module.get(AccountQueries).page(50));
  const id = (role: string) => items.find((account) => account.role === role)?.id ?? '';
  const lines = [
    { accountId: id('inventory'), amountMinor: 500n },
    { accountId: id('stock_gain'), amountMinor: -500n },
  ];
  const entry = { entryDate: '2026-06-01', description: 'Revaluation', lines };
  await expect(run(() => module.get(PostManualEntry).execute(entry))).rejects.toBeInstanceOf(AccountKeptByStock);
});

it('keeps the accounts that Quoin itself posts to, and codes apart', async () => {
  const chart = await run(() => module.get(AccountQueries).page(50));
  const receivable = chart.items.find((account) => account.role === 'receivable');
  const change = module.get(ChangeAccount);
  const close = run(() => change.execute(receivable?.id ?? '', { status: 'closed' }, () => undefined));
  await expect(close).rejects.toBeInstanceOf(AccountInUseByRole);
  const collide = run(() => change.execute(receivable?.id ?? '', { code: '1000' }, () => undefined));
  await expect(collide).rejects.toBeInstanceOf(AccountCodeTaken);
});

it('finds a balance that somebody tampered with', async () => {
  await post({ type: 'invoice', facts: document('2026-05-05', 100n, 0n) });
  await run(() =>
    module.get(UnitOfWork).execute('update account_balance set debit_minor = debit_minor + 1 where debit_minor > 0'),
  );
  const faults = await run(() => module.get(LedgerBooksCheck).faults());
  expect(faults).toEqual([expect.objectContaining({ code: 'accounting.balance.differs', subject: '1100 2026-05-01' })]);
});
