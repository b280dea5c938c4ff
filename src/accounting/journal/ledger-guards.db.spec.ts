import { jest } from '@jest/globals';
import type { TestingModule } from '@nestjs/testing';
import type { TenantIdentity } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { uuidv7 } from '#libs/kernel';
import { inTenant } from '#libs/tenancy';
import { createTestDatabase, type TestDatabase, testingModule, testTenant } from '#libs/testing';
import { AccountingModule } from '../accounting.module.js';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { initialChartOfAccounts } from '../accounts/chart-of-accounts.js';
import { accountingSchema } from '../schema.js';
import { JournalRepository } from './journal.repository.js';
import { type NewEntry, PostEntries } from './post-entries.js';

let database: TestDatabase;
let module: TestingModule;
let unitOfWork: UnitOfWork;
let tenant: TenantIdentity;

beforeAll(async () => {
  database = await createTestDatabase([accountingSchema]);
  module = await testingModule(database, { imports: [AccountingModule] });
  unitOfWork = module.get(UnitOfWork);
});

afterAll(async () => {
  await module.close();
  await database.drop();
});

beforeEach(async () => {
  tenant = testTenant(database);
  await run(() => module.get(AccountsRepository).insert(initialChartOfAccounts()));
});

const run = <T>(work: () => Promise<T>): Promise<T> => inTenant(tenant, () => unitOfWork.run(work));

function invoice(sourceId: string, totalMinor: bigint, entryDate = '2026-03-31'): NewEntry {
  return {
    entryDate,
    kind: 'invoice',
    sourceType: 'invoice',
    sourceId,
    description: 'Invoice',
    legs: [
      { account: { role: 'receivable' }, amountMinor: totalMinor },
      { account: { role: 'revenue' }, amountMinor: -totalMinor },
    ],
  };
}

const post = (...entries: NewEntry[]) => run(() => module.get(PostEntries).execute(entries));

/** By hand, past every check in code: only the database is left to refuse. */
async function insertEntry(amounts: readonly bigint[]): Promise<string> {
  const id = uuidv7();
  await unitOfWork.execute(
    `insert into journal_entry (tenant_id, id, entry_date, kind, source_type, source_id, currency, description, created_xid)
     values ($1, $2, '2026-01-01', 'manual', 'manual', $2, 'GBP', 'by hand', '1')`,
    [tenant.id, id],
  );
  await insertLines(id, amounts);
  return id;
}

async function insertLines(entryId: string, amounts: readonly bigint[], firstLineNo = 1): Promise<void> {
  for (const [index, amount] of amounts.entries()) {
    await unitOfWork.execute(
      `insert into journal_line (tenant_id, id, entry_id, line_no, account_id, amount_minor)
       select $1, $2, $3, $4, id, $5 from account where role = 'bank'`,
      [tenant.id, uuidv7(), entryId, firstLineNo + index, amount],
    );
  }
}

const entries = () => run(() => unitOfWork.query('select id from journal_entry'));
const unbalanced = { code: '23514', constraint: 'journal_entry_balanced' };

it('posts a balanced entry once, however often it is asked to', async () => {
  const source = uuidv7();
  await post(invoice(source, 1_200n));
  expect(await post(invoice(source, 1_200n))).toEqual([]);
  expect(await entries()).toHaveLength(1);
});

it('refuses at commit an entry that does not balance', async () => {
  await expect(run(() => insertEntry([100n, -99n]))).rejects.toMatchObject(unbalanced);
  expect(await entries()).toEqual([]);
});

it('refuses an entry with one line, and one with none', async () => {
  await expect(run(() => insertEntry([100n]))).rejects.toMatchObject(unbalanced);
  await expect(run(() => insertEntry([]))).rejects.toMatchObject(unbalanced);
});

it('is not blinded when the tenant setting is cleared before the commit', async () => {
  const blinded = run(async () => {
    await insertEntry([100n]);
    await unitOfWork.execute(`set local app.tenant_id = ''`);
  });
  await expect(blinded).rejects.toMatchObject(unbalanced);
  const balancedButBlinded = run(async () => {
    await insertEntry([100n, -100n]);
    await unitOfWork.execute(`set local app.tenant_id = ''`);
  });
  await expect(balancedButBlinded).rejects.toMatchObject(unbalanced);
});

it('is not blinded when another tenant is set before the commit', async () => {
  const blinded = run(async () => {
    await insertEntry([100n]);
    await unitOfWork.execute(`set local app.tenant_id = '${testTenant(database).id}'`);
  });
  await expect(blinded).rejects.toMatchObject(unbalanced);
});

it('refuses lines added to an entry of an earlier transaction, balanced or not', async () => {
  const id = await run(() => insertEntry([100n, -100n]));
  await expect(run(() => insertLines(id, [5n, -5n], 3))).rejects.toMatchObject({
    code: '23514',
    constraint: 'journal_line_same_transaction',
  });
});

it('refuses lines that come after an early check was forced', async () => {
  const forced = run(async () => {
    const id = await insertEntry([100n, -100n]);
    await unitOfWork.execute('set constraints all immediate');
    await unitOfWork.execute('set constraints all deferred');
    await insertLines(id, [7n], 3);
  });
  await expect(forced).rejects.toMatchObject(unbalanced);
});

it('lets the application neither change nor delete what was posted', async () => {
  await post(invoice(uuidv7(), 1_200n));
  for (const sql of [
    'update journal_entry set description = description',
    'update journal_line set amount_minor = amount_minor',
    'delete from journal_line',
    'delete from journal_entry',
    'truncate journal_line',
  ]) {
    await expect(run(() => unitOfWork.execute(sql))).rejects.toMatchObject({ code: '42501' });
  }
});

it('lets an unbalanced entry through once the trigger is gone: it is the trigger that refuses', async () => {
  const mutated = await createTestDatabase([accountingSchema]);
  const mutatedModule = await testingModule(mutated, { imports: [AccountingModule] });
  try {
    await mutated.asOwner('drop trigger journal_entry_balanced on journal_entry');
    await mutated.asOwner('drop trigger journal_line_balanced on journal_line');
    const other = testTenant(mutated);
    const mutatedUnit = mutatedModule.get(UnitOfWork);
    const id = uuidv7();
    await inTenant(other, () =>
      mutatedUnit.run(() =>
        mutatedUnit.execute(
          `insert into journal_entry (tenant_id, id, entry_date, kind, source_type, source_id, currency, description, created_xid)
           values ($1, $2, '2026-01-01', 'manual', 'manual', $2, 'GBP', 'by hand', '1')`,
          [other.id, id],
        ),
      ),
    );
    expect(await mutated.asSuperuser('select id from journal_entry')).toEqual([{ id }]);
  } finally {
    await mutatedModule.close();
    await mutated.drop();
  }
});

it('keeps account balances equal to the sum of the lines while many post at once', async () => {
  await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      post(invoice(uuidv7(), BigInt(index + 1), index % 2 ? '2026-01-31' : '2026-02-01')),
    ),
  );
  const rows = await run(() =>
    unitOfWork.query<{ difference: string }>(
      `select (select sum(debit_minor - credit_minor) from account_balance b where b.account_id = a.id)
              - (select sum(amount_minor) from journal_line l where l.account_id = a.id) as difference
       from account a where role in ('receivable', 'revenue')`,
    ),
  );
  expect(rows).toEqual([{ difference: '0' }, { difference: '0' }]);
});

describe('many who post the entry of one payment at once', () => {
  /** Each has looked before any of them posts. */
  const postAtOnce = async (sourceId: string): Promise<number> => {
    const everybody = Promise.withResolvers<void>();
    let waiting = 0;
    const journal = module.get(JournalRepository);
    const look = journal.postedSources.bind(journal);
    const spy = jest.spyOn(journal, 'postedSources').mockImplementation(async (sources) => {
      const posted = await look(sources);
      if (++waiting === 5) everybody.resolve();
      await everybody.promise;
      return posted;
    });
    const entry = { ...invoice(sourceId, 100n), kind: 'payment', sourceType: 'payment' } as const;
    await Promise.allSettled(Array.from({ length: 5 }, () => post(entry)));
    spy.mockRestore();
    const [row] = await database.asSuperuser<{ count: number }>(
      'select count(*)::int as count from journal_entry where source_id = $1',
      [sourceId],
    );
    return row?.count ?? 0;
  };

  it('post one; without the unique source each posts its own', async () => {
    expect(await postAtOnce(uuidv7())).toBe(1);
    await database.asOwner('alter table journal_entry drop constraint journal_entry_source_unique');
    expect(await postAtOnce(uuidv7())).toBe(5);
  });
});
