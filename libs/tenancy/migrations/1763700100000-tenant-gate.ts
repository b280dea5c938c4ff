import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APP_ROLE, DISPATCHER_ROLE, tenantTable } from '#libs/database';

/** Advisory locks of one tenant in one schema: whoever writes shares it, whoever moves the tenant takes it alone. */
const GATE_LOCK = 7_801_946;

/**
 * Who may write for a tenant in this database. A row closes the gate: `draining` to new deliveries, `paused` while the tenant is being moved, `left` when
 * its data are in another schema, `gone` when they are in another database. Writers take a shared lock before they look, so that whoever closes the gate can wait for all that were
 * let through.
 */
export class TenantGate1763700100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table platform.tenant_gate (
        tenant_id uuid not null,
        id uuid not null,
        schema text not null,
        state text not null check (state in ('draining', 'paused', 'left', 'gone')),
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        constraint tenant_gate_one_a_schema unique (tenant_id, schema)
      )`);
    await tenantTable(runner, 'platform.tenant_gate', { grants: ['select'] });
    await runner.query(`grant select (tenant_id, state) on platform.tenant_gate to ${DISPATCHER_ROLE}`);
    await runner.query(`create policy dispatch on platform.tenant_gate for select to ${DISPATCHER_ROLE} using (true)`);
    await runner.query(`
      create function platform.tenant_gate_key(tenant uuid, in_schema text) returns integer
      language sql immutable as $$ select hashtext(tenant::text || in_schema) $$`);
    // Each statement of a volatile function sees what was committed before it, so also what was while it waited for the lock.
    await runner.query(`
      create function platform.enter_tenant(in_schema text) returns void language plpgsql as $$
      declare
        tenant uuid := nullif(current_setting('app.tenant_id', true), '')::uuid;
        closed text;
      begin
        perform pg_advisory_xact_lock_shared(${GATE_LOCK}, platform.tenant_gate_key(tenant, in_schema));
        select state into closed from platform.tenant_gate where tenant_id = tenant and schema = in_schema;
        if closed = 'paused' then
          raise exception 'the tenant is being moved' using errcode = 'QP001';
        elsif closed in ('left', 'gone') then
          raise exception 'the tenant was moved away' using errcode = 'QP002';
        end if;
      end $$`);
    await runner.query(`
      create function platform.await_writers(in_schema text) returns void language plpgsql as $$
      begin
        perform pg_advisory_xact_lock(${GATE_LOCK},
          platform.tenant_gate_key(current_setting('app.tenant_id')::uuid, in_schema));
      end $$`);
    // The relay moves deliveries of all tenants at once: one lock for all of them.
    await runner.query(`
      create function platform.enter_dispatch() returns void language sql as $$
        select pg_advisory_xact_lock_shared(${GATE_LOCK}, 0) $$`);
    await runner.query(`
      create function platform.await_dispatch() returns void language sql as $$
        select pg_advisory_xact_lock(${GATE_LOCK}, 0) $$`);
    const ours = ['tenant_gate_key(uuid, text)', 'enter_tenant(text)', 'await_writers(text)'];
    const dispatch = ['enter_dispatch()', 'await_dispatch()'];
    for (const name of [...ours, ...dispatch]) {
      await runner.query(`revoke all on function platform.${name} from public`);
    }
    for (const name of ['tenant_gate_key(uuid, text)', 'enter_tenant(text)']) {
      await runner.query(`grant execute on function platform.${name} to ${APP_ROLE}`);
    }
    await runner.query(`grant execute on function platform.enter_dispatch() to ${DISPATCHER_ROLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    const names = ['await_dispatch()', 'enter_dispatch()', 'await_writers(text)', 'enter_tenant(text)'];
    for (const name of [...names, 'tenant_gate_key(uuid, text)']) await runner.query(`drop function platform.${name}`);
    await runner.query('drop table platform.tenant_gate');
  }
}
