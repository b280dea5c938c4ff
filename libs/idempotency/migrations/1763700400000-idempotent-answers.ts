import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APP_ROLE, DISPATCHER_ROLE, tenantTable } from '#libs/database';

// Written once, with the effect, and never changed. The body is text, not jsonb: a repetition is answered with the same bytes.
const TABLE = `
  create table platform.idempotency_key (
    tenant_id uuid not null,
    id uuid not null,
    principal text not null check (length(principal) between 1 and 200),
    route text not null check (length(route) between 1 and 300),
    key text not null check (length(key) between 1 and 255),
    body_hash text not null check (body_hash ~ '^[A-Za-z0-9-]{1,32}[.][0-9a-f]{64}$'),
    response_status smallint not null check (response_status between 200 and 599),
    response_headers jsonb not null check (jsonb_typeof(response_headers) = 'object'),
    response_body text check (octet_length(response_body) <= 4194304),
    response_kept boolean not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    primary key (tenant_id, id),
    constraint idempotency_key_unique unique (tenant_id, principal, route, key),
    constraint idempotency_key_kept_check check (response_kept or response_body is null)
  )`;

/**
 * Runs first in a transaction that carries a key. It fails rather than answers: statements that were sent behind it, in the same
 * flight, then do nothing. Whoever gets the lock after a commit sees what was committed, because each statement of a volatile
 * function sees the newest state.
 */
const CLAIM = `
  create function platform.claim_idempotency_key(p_principal text, p_route text, p_key text) returns void
  language plpgsql as $$
  declare
    tenant uuid := nullif(current_setting('app.tenant_id', true), '')::uuid;
    taken boolean := pg_try_advisory_xact_lock(
      hashtextextended('idempotency ' || tenant || ' ' || p_principal || ' ' || p_route || ' ' || p_key, 0));
  begin
    if exists (
      select from platform.idempotency_key
      where tenant_id = tenant and principal = p_principal and route = p_route and key = p_key
    ) then
      raise exception 'the key has its answer' using errcode = 'QI001';
    end if;
    if taken is not true then
      raise exception 'a request with the key is under way' using errcode = 'QI002';
    end if;
  end $$`;

/**
 * Which requests were answered, and how. In the place of the work plane's first draft, which nothing has used: no row for a
 * request that is under way (a lock says that, and ends with whoever held it), no change of rows, one index less.
 */
export class IdempotentAnswers1763700400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('drop table if exists platform.idempotency_key');
    await runner.query(TABLE);
    await tenantTable(runner, 'platform.idempotency_key', { grants: ['select', 'insert'] });
    await runner.query('create index idempotency_key_expires_at_idx on platform.idempotency_key (expires_at)');
    await runner.query(CLAIM);
    await runner.query(`revoke all on function platform.claim_idempotency_key(text, text, text) from public`);
    await runner.query(`grant execute on function platform.claim_idempotency_key(text, text, text) to ${APP_ROLE}`);
    // Whoever prunes sees that a row is over, of whichever tenant, and can delete no other.
    await runner.query(
      `grant select (tenant_id, id, expires_at), delete on platform.idempotency_key to ${DISPATCHER_ROLE}`,
    );
    await runner.query(
      `create policy prune on platform.idempotency_key for all to ${DISPATCHER_ROLE}
       using (expires_at < now()) with check (false)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function platform.claim_idempotency_key(text, text, text)');
    await runner.query('drop table if exists platform.idempotency_key');
  }
}
