import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '#libs/database';

/** Identity providers of a tenant, sign-ins that are on their way to one, and whom each of their people is here. */
export class Oidc1763700601000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await providers(runner);
    await authorizations(runner);
    await identities(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table linked_identity, oidc_authorization, identity_provider');
  }
}

async function providers(runner: QueryRunner): Promise<void> {
  await runner.query(`
    create table identity_provider (
      tenant_id uuid not null,
      id uuid not null,
      slug text not null check (slug ~ '^[a-z0-9](-?[a-z0-9])*$' and length(slug) <= 40),
      name text not null check (name <> ''),
      issuer text not null check (issuer ~ '^https?://' and issuer !~ '[?#]'),
      client_id text not null check (client_id <> ''),
      -- Sealed; null for a client without a secret, which PKCE protects.
      client_secret text check (client_secret like 'v1.%.%.%'),
      link_by_email boolean not null,
      trusts_second_factor boolean not null,
      default_role_id uuid,
      enabled boolean not null,
      version integer not null,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null,
      primary key (tenant_id, id),
      constraint identity_provider_slug_key unique (tenant_id, slug),
      constraint identity_provider_role_fkey foreign key (tenant_id, default_role_id) references role (tenant_id, id)
    )`);
  await tenantTable(runner, 'identity_provider', { indexes: ['default_role_id'] });
}

async function authorizations(runner: QueryRunner): Promise<void> {
  await runner.query(`
    create table oidc_authorization (
      tenant_id uuid not null,
      id uuid not null,
      provider_id uuid not null,
      -- Of the secret that stays with the browser that began: another one cannot go on.
      ticket_hash text not null check (ticket_hash ~ '^[0-9a-f]{64}$'),
      state text not null,
      nonce text not null,
      code_verifier text not null check (code_verifier like 'v1.%.%.%'),
      -- Of whoever is signed in and links an identity; null for signing in.
      user_id uuid,
      created_at timestamptz not null default now(),
      expires_at timestamptz not null,
      primary key (tenant_id, id),
      constraint oidc_authorization_ticket_key unique (tenant_id, ticket_hash),
      foreign key (tenant_id, provider_id) references identity_provider (tenant_id, id) on delete cascade,
      foreign key (tenant_id, user_id) references app_user (tenant_id, id)
    )`);
  await tenantTable(runner, 'oidc_authorization', { indexes: ['provider_id', 'user_id', 'expires_at'] });
}

async function identities(runner: QueryRunner): Promise<void> {
  await runner.query(`
    create table linked_identity (
      tenant_id uuid not null,
      id uuid not null,
      user_id uuid not null,
      provider_id uuid not null,
      issuer text not null,
      subject text not null check (length(subject) between 1 and 255),
      email text,
      created_at timestamptz not null default now(),
      primary key (tenant_id, id),
      -- One person of an issuer is one user (OpenID Connect Core, 5.7).
      constraint linked_identity_subject_key unique (tenant_id, issuer, subject),
      foreign key (tenant_id, user_id) references app_user (tenant_id, id),
      foreign key (tenant_id, provider_id) references identity_provider (tenant_id, id) on delete cascade
    )`);
  await tenantTable(runner, 'linked_identity', {
    grants: ['select', 'insert', 'delete'],
    indexes: ['user_id', 'provider_id'],
  });
}
