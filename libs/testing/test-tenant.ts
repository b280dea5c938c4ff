import pg from 'pg';
import type { TenantIdentity } from '#libs/context';
import { uuidv7 } from '#libs/kernel';
import type { TestDatabase } from './test-database.js';

/** A tenant of the test database. It need not be known to the landlord: repositories take it from the context. */
export function testTenant(database: TestDatabase, overrides: Partial<TenantIdentity> = {}): TenantIdentity {
  const id = overrides.id ?? uuidv7();
  return {
    id,
    slug: `tenant-${id.slice(-12)}`,
    name: 'Test Traders Ltd',
    currency: 'GBP',
    timeZone: 'Europe/London',
    status: 'active',
    placement: { model: 'shared', cluster: 'default', database: database.options.tenant.database, schema: 'public' },
    ...overrides,
  };
}

/** Writes a tenant down at the landlord, for what looks tenants up there: guards, the relay, consumers. */
export async function registerTenant(database: TestDatabase, tenant: TenantIdentity): Promise<void> {
  const { host, port, database: name, username, password } = database.options.landlord;
  const client = new pg.Client({ host, port, database: name, user: username, password });
  await client.connect();
  const { placement } = tenant;
  try {
    await client.query(
      `insert into tenant (id, slug, name, currency, time_zone, plan_id, status) values ($1, $2, $3, $4, $5, 'standard', $6)`,
      [tenant.id, tenant.slug, tenant.name, tenant.currency, tenant.timeZone, tenant.status],
    );
    await client.query(
      'insert into placement (tenant_id, model, cluster, database, schema) values ($1, $2, $3, $4, $5)',
      [tenant.id, placement.model, placement.cluster, placement.database, placement.schema],
    );
  } finally {
    await client.end();
  }
}
