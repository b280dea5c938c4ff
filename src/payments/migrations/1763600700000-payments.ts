import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '#libs/database';

/** What both kinds of movement may have changed about them: where they are at the provider. */
const PROGRESS = 'status, provider_ref, failure_code, asks, settled_at, version, updated_at';

/**
 * Payments, refunds and what providers told by webhook. What was asked for cannot be changed, what has ended stays
 * ended, and never more is given back than was captured, whatever the code does (requirement E6).
 */
export class Payments1763600700000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createPayments(runner);
    await createRefunds(runner);
    await createProviderEvents(runner);
    await keepEnds(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table payment_provider_event, refund, payment');
    await runner.query('drop function provider_movement_stays_settled');
  }
}

/** Columns of both kinds. */
const movement = (table: string, done: string) => `
  tenant_id uuid not null,
  id uuid not null,
  provider text not null check (provider ~ '^[a-z][a-z0-9_-]{0,39}$'),
  amount_minor bigint not null check (amount_minor between 1 and 1000000000000),
  currency char(3) not null,
  status text not null check (status in ('pending', 'unknown', '${done}', 'failed')),
  provider_ref text check (length(provider_ref) between 1 and 200),
  failure_code text check (length(failure_code) between 1 and 100),
  asks integer not null check (asks >= 0),
  settled_at timestamptz,
  version integer not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null,
  primary key (tenant_id, id),
  constraint ${table}_provider_ref_unique unique (tenant_id, provider, provider_ref),
  constraint ${table}_settled_check check ((status in ('${done}', 'failed')) = (settled_at is not null)),
  constraint ${table}_done_check check (status <> '${done}' or provider_ref is not null),
  constraint ${table}_failed_check check ((status = 'failed') = (failure_code is not null))`;

async function createPayments(runner: QueryRunner): Promise<void> {
  await runner.query(`
    create table payment (
      ${movement('payment', 'captured')},
      order_id uuid not null,
      method text not null check (method ~ '^[a-z][a-z0-9_]{0,63}$'),
      captured_minor bigint not null,
      refunding_minor bigint not null check (refunding_minor >= 0),
      refunded_minor bigint not null check (refunded_minor >= 0),
      constraint payment_captured_check
        check (captured_minor = case status when 'captured' then amount_minor else 0 end),
      constraint payment_refunds_check check (refunding_minor + refunded_minor <= captured_minor),
      constraint payment_order_fk foreign key (tenant_id, order_id) references sales_order (tenant_id, id)
    )`);
  await tenantTable(runner, 'payment', { grants: ['select', 'insert'], indexes: ['order_id', 'status'] });
  await runner.query(
    `grant update (${PROGRESS}, captured_minor, refunding_minor, refunded_minor) on payment to quoin_app`,
  );
}

async function createRefunds(runner: QueryRunner): Promise<void> {
  await runner.query(`
    create table refund (
      ${movement('refund', 'succeeded')},
      payment_id uuid not null,
      reason text check (length(reason) between 1 and 200),
      constraint refund_payment_fk foreign key (tenant_id, payment_id) references payment (tenant_id, id)
    )`);
  await tenantTable(runner, 'refund', { grants: ['select', 'insert'], indexes: ['payment_id', 'status'] });
  await runner.query(`grant update (${PROGRESS}) on refund to quoin_app`);
}

async function createProviderEvents(runner: QueryRunner): Promise<void> {
  await runner.query(`
    create table payment_provider_event (
      tenant_id uuid not null,
      id uuid not null,
      provider text not null,
      event_id text not null check (length(event_id) between 1 and 200),
      type text not null check (length(type) between 1 and 100),
      payment_id uuid not null,
      refund_id uuid,
      received_at timestamptz not null,
      created_at timestamptz not null default now(),
      primary key (tenant_id, id),
      constraint payment_provider_event_unique unique (tenant_id, provider, event_id),
      constraint payment_provider_event_payment_fk foreign key (tenant_id, payment_id)
        references payment (tenant_id, id),
      constraint payment_provider_event_refund_fk foreign key (tenant_id, refund_id) references refund (tenant_id, id)
    )`);
  await tenantTable(runner, 'payment_provider_event', {
    grants: ['select', 'insert'],
    indexes: ['payment_id', 'refund_id'],
  });
}

async function keepEnds(runner: QueryRunner): Promise<void> {
  await runner.query(`
    create function provider_movement_stays_settled() returns trigger language plpgsql as $$
    begin
      if old.settled_at is not null and
        (new.status, new.provider_ref, new.settled_at) is distinct from (old.status, old.provider_ref, old.settled_at)
      then
        raise exception '% % has ended as %', tg_table_name, old.id, old.status
          using errcode = 'check_violation', constraint = tg_table_name || '_stays_settled';
      end if;
      return new;
    end $$`);
  for (const table of ['payment', 'refund']) {
    await runner.query(`
      create trigger ${table}_stays_settled before update on ${table}
      for each row execute function provider_movement_stays_settled()`);
  }
}
