import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '#libs/database';

/**
 * Books that cannot be wrong because the database forbids it (requirements E8 and J4, first half): an entry that does
 * not balance is refused at commit, and the application role can neither change nor delete what was posted.
 */
export class Accounting1763600900000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createAccounts(runner);
    await createJournal(runner);
    await guardJournal(runner);
    await createBalances(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table account_balance, journal_line, journal_entry, account');
    await runner.query('drop function journal_entry_stamp, journal_line_same_transaction, journal_entry_balanced');
    await runner.query('drop function journal_line_balances');
  }
}

async function createAccounts(runner: QueryRunner): Promise<void> {
  await runner.query(`
    create table account (
      tenant_id uuid not null,
      id uuid not null,
      code text not null check (code ~ '^[0-9A-Z][0-9A-Z.-]{0,19}$'),
      name text not null check (length(name) between 1 and 120),
      type text not null check (type in ('asset', 'liability', 'equity', 'income', 'expense')),
      role text check (role ~ '^[a-z_]+$'),
      status text not null check (status in ('active', 'closed')),
      version integer not null,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null,
      primary key (tenant_id, id),
      constraint account_code_unique unique (tenant_id, code),
      constraint account_role_unique unique (tenant_id, role),
      constraint account_role_active check (role is null or status = 'active')
    )`);
  await tenantTable(runner, 'account', { grants: ['select', 'insert', 'update'], indexes: ['status'] });
}

async function createJournal(runner: QueryRunner): Promise<void> {
  await runner.query(`
    create table journal_entry (
      tenant_id uuid not null,
      id uuid not null,
      entry_date date not null,
      kind text not null check (kind ~ '^[a-z_]+$'),
      source_type text not null check (source_type ~ '^[a-z_]+$'),
      source_id uuid not null,
      currency char(3) not null,
      description text not null check (length(description) <= 500),
      reference text check (length(reference) <= 100),
      created_xid xid8 not null,
      created_at timestamptz not null default now(),
      primary key (tenant_id, id),
      constraint journal_entry_source_unique unique (tenant_id, source_type, source_id, kind)
    )`);
  await tenantTable(runner, 'journal_entry', {
    grants: ['select', 'insert'],
    indexes: [
      ['entry_date', 'id'],
      ['kind', 'entry_date'],
    ],
  });
  await runner.query(`
    create table journal_line (
      tenant_id uuid not null,
      id uuid not null,
      entry_id uuid not null,
      line_no integer not null check (line_no > 0),
      account_id uuid not null,
      amount_minor bigint not null check (amount_minor <> 0),
      memo text check (length(memo) <= 200),
      created_at timestamptz not null default now(),
      primary key (tenant_id, id),
      constraint journal_line_no_unique unique (tenant_id, entry_id, line_no),
      constraint journal_line_entry_fk foreign key (tenant_id, entry_id) references journal_entry (tenant_id, id),
      constraint journal_line_account_fk foreign key (tenant_id, account_id) references account (tenant_id, id)
    )`);
  await tenantTable(runner, 'journal_line', { grants: ['select', 'insert'], indexes: [['account_id', 'id']] });
  await runner.query(`comment on column journal_line.amount_minor is 'minor units; debit positive, credit negative'`);
}

async function guardJournal(runner: QueryRunner): Promise<void> {
  // The transaction that creates an entry is stamped on it here, where nobody can forge it.
  await runner.query(`
    create function journal_entry_stamp() returns trigger language plpgsql as $$
    begin
      new.created_xid := pg_current_xact_id();
      return new;
    end $$`);
  await runner.query(`
    create trigger journal_entry_stamp before insert on journal_entry
    for each row execute function journal_entry_stamp()`);

  // Lines belong to the transaction that created their entry: what has balanced once cannot grow another leg later.
  // An entry that row-level security hides is refused too: what cannot be seen cannot be checked.
  await runner.query(`
    create function journal_line_same_transaction() returns trigger language plpgsql as $$
    begin
      if exists (
        select from new_lines l
        left join journal_entry e on e.tenant_id = l.tenant_id and e.id = l.entry_id
        where e.created_xid is distinct from pg_current_xact_id()
      ) then
        raise exception 'journal lines can only be added in the transaction that creates their entry'
          using errcode = '23514', constraint = 'journal_line_same_transaction';
      end if;
      return null;
    end $$`);
  await runner.query(`
    create trigger journal_line_same_transaction after insert on journal_line
    referencing new table as new_lines for each statement execute function journal_line_same_transaction()`);

  // At commit, per entry and per line: an entry without lines, and lines that came after an earlier check was forced
  // with SET CONSTRAINTS, are both caught. It must not be blinded: with the tenant setting cleared it sees no line, and
  // fewer than two lines are refused whatever the reason.
  await runner.query(`
    create function journal_entry_balanced() returns trigger language plpgsql as $$
    declare
      checked_id uuid;
      line_count bigint;
      balance numeric;
    begin
      if tg_table_name = 'journal_entry' then checked_id := new.id; else checked_id := new.entry_id; end if;
      select count(*), coalesce(sum(amount_minor), 0) into line_count, balance
      from journal_line where tenant_id = new.tenant_id and entry_id = checked_id;
      if line_count < 2 then
        raise exception 'journal entry % has fewer than two lines that can be seen', checked_id
          using errcode = '23514', constraint = 'journal_entry_balanced';
      end if;
      if balance <> 0 then
        raise exception 'journal entry % does not balance: it is off by % minor units', checked_id, balance
          using errcode = '23514', constraint = 'journal_entry_balanced';
      end if;
      return null;
    end $$`);
  for (const table of ['journal_entry', 'journal_line']) {
    await runner.query(`
      create constraint trigger ${table}_balanced after insert on ${table}
      deferrable initially deferred for each row execute function journal_entry_balanced()`);
  }
}

async function createBalances(runner: QueryRunner): Promise<void> {
  // Sixteen slots per account and month: postings of different entries seldom wait for each other's row.
  await runner.query(`
    create table account_balance (
      tenant_id uuid not null,
      account_id uuid not null,
      month date not null check (extract(day from month) = 1),
      slot smallint not null check (slot between 0 and 15),
      debit_minor numeric(30, 0) not null default 0 check (debit_minor >= 0),
      credit_minor numeric(30, 0) not null default 0 check (credit_minor >= 0),
      id uuid not null default gen_random_uuid(),
      created_at timestamptz not null default now(),
      primary key (tenant_id, id),
      constraint account_balance_unique unique (tenant_id, account_id, month, slot),
      constraint account_balance_account_fk foreign key (tenant_id, account_id) references account (tenant_id, id)
    )`);
  await tenantTable(runner, 'account_balance', {
    grants: ['select', 'insert', 'update'],
    indexes: [['month', 'account_id']],
  });
  // In the order of the unique key, so that two postings on the same accounts cannot deadlock.
  await runner.query(`
    create function journal_line_balances() returns trigger language plpgsql as $$
    begin
      insert into account_balance as b (tenant_id, account_id, month, slot, debit_minor, credit_minor)
      select l.tenant_id, l.account_id, date_trunc('month', e.entry_date)::date,
             abs(hashtext(l.entry_id::text)::bigint) % 16,
             sum(greatest(l.amount_minor, 0)), sum(greatest(-l.amount_minor, 0))
      from new_lines l
      join journal_entry e on e.tenant_id = l.tenant_id and e.id = l.entry_id
      group by 1, 2, 3, 4
      order by 1, 2, 3, 4
      on conflict (tenant_id, account_id, month, slot) do update
        set debit_minor = b.debit_minor + excluded.debit_minor,
            credit_minor = b.credit_minor + excluded.credit_minor;
      return null;
    end $$`);
  await runner.query(`
    create trigger journal_line_balances after insert on journal_line
    referencing new table as new_lines for each statement execute function journal_line_balances()`);
}
