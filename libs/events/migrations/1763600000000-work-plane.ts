import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APP_ROLE, DISPATCHER_ROLE, tenantTable } from '#libs/database';

const TABLES = [
  // The counter's row lock is held until the event's transaction ends: sequences are in the order of the commits.
  `create table platform.aggregate_sequence (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    aggregate_type text not null,
    aggregate_id uuid not null,
    last bigint not null check (last > 0),
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, aggregate_type, aggregate_id)
  )`,
  `create table platform.outbox_event (
    tenant_id uuid not null,
    id uuid not null,
    type text not null,
    aggregate_type text not null,
    aggregate_id uuid not null,
    sequence bigint not null check (sequence > 0),
    payload jsonb not null check (jsonb_typeof(payload) = 'object'),
    occurred_at timestamptz not null,
    correlation_id text not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, aggregate_type, aggregate_id, sequence)
  )`,
  // Aggregate and sequence are copied from the event, so that the relay can keep the order without seeing an event.
  `create table platform.delivery (
    tenant_id uuid not null,
    id uuid not null,
    event_id uuid not null,
    consumer text not null,
    queue text not null,
    aggregate_type text not null,
    aggregate_id uuid not null,
    sequence bigint not null,
    state text not null default 'pending' check (state in ('pending', 'handed', 'done', 'dead', 'discarded')),
    attempts integer not null default 0 check (attempts >= 0),
    handovers integer not null default 0 check (handovers >= 0),
    due_at timestamptz not null default now(),
    handed_at timestamptz,
    lease_id uuid,
    lease_until timestamptz,
    completed_at timestamptz,
    last_error text,
    correlation_id text not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, event_id, consumer),
    foreign key (tenant_id, event_id) references platform.outbox_event (tenant_id, id),
    constraint delivery_completed_at_check check ((completed_at is not null) = (state in ('done', 'discarded'))),
    constraint delivery_handed_at_check check (handed_at is not null or state <> 'handed'),
    constraint delivery_lease_check check ((lease_id is null) = (lease_until is null) and (lease_id is null or state = 'handed'))
  ) with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000)`,
  // The response is text, not jsonb: a repeated request is answered with the same bytes (requirement D3).
  `create table platform.idempotency_key (
    tenant_id uuid not null,
    id uuid not null,
    principal text not null,
    route text not null,
    key text not null,
    body_hash text not null,
    status text not null default 'running' check (status in ('running', 'completed')),
    response_status smallint,
    response_headers jsonb,
    response_body text,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    primary key (tenant_id, id),
    unique (tenant_id, principal, route, key),
    constraint idempotency_key_response_check check ((status = 'completed') = (response_status is not null))
  )`,
];

const INDEXES = [
  `create index delivery_pending_idx on platform.delivery (due_at, id) where state = 'pending'`,
  `create index delivery_handed_idx on platform.delivery (handed_at, id) where state = 'handed'`,
  `create index delivery_unfinished_idx on platform.delivery
    (tenant_id, consumer, aggregate_type, aggregate_id, sequence) where completed_at is null`,
  `create index delivery_dead_idx on platform.delivery (tenant_id, id) where state = 'dead'`,
  `create index idempotency_key_expires_at_idx on platform.idempotency_key (tenant_id, expires_at)`,
];

// That there is work, and the bookkeeping of handing it over; never what the work is, nor what went wrong with it.
const DISPATCHER = [
  `grant usage on schema platform to ${DISPATCHER_ROLE}`,
  `grant select (tenant_id, id, consumer, queue, aggregate_type, aggregate_id, sequence, state, attempts, handovers,
    due_at, handed_at, lease_id, lease_until, completed_at, correlation_id, created_at)
    on platform.delivery to ${DISPATCHER_ROLE}`,
  `grant update (state, handovers, due_at, handed_at, lease_id, lease_until) on platform.delivery to ${DISPATCHER_ROLE}`,
  `create policy dispatch on platform.delivery for all to ${DISPATCHER_ROLE} using (true) with check (true)`,
];

/**
 * The work plane of a tenant database, once per database whatever the isolation model: events that happened, who is
 * still to hear of them, and which requests were already answered.
 */
export class WorkPlane1763600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create schema platform');
    await runner.query(`grant usage on schema platform to ${APP_ROLE}`);
    for (const table of TABLES) await runner.query(table);
    await tenantTable(runner, 'platform.aggregate_sequence', { grants: ['select', 'insert', 'update'] });
    await tenantTable(runner, 'platform.outbox_event', { grants: ['select', 'insert'] });
    await tenantTable(runner, 'platform.delivery', { grants: ['select', 'insert', 'update'] });
    await tenantTable(runner, 'platform.idempotency_key', { indexes: ['status'] });
    for (const statement of [...INDEXES, ...DISPATCHER]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema platform cascade');
  }
}
