import pg from 'pg';
import { uuidv7 } from '#libs/kernel';
import type { TestDatabase } from '#libs/testing';
import type { NewTenant } from '../sign-up/new-tenant.js';

/** A sign-up with a slug of its own. */
export function newTenant(overrides: Partial<NewTenant> = {}): NewTenant {
  return {
    slug: `acme-${uuidv7().slice(-12)}`,
    name: 'Acme Ltd',
    currency: 'GBP',
    timeZone: 'Europe/London',
    country: 'GB',
    admin: { email: 'ada@acme.example', name: 'Ada Owner', password: 'correct horse battery staple' },
    ...overrides,
  };
}

/** Runs SQL on the landlord database of a test as its owner. */
export async function atLandlord<R>(database: TestDatabase, sql: string, parameters: unknown[] = []): Promise<R[]> {
  const { host, port, database: name, username, password } = database.landlordOwner;
  const client = new pg.Client({ host, port, database: name, user: username, password });
  await client.connect();
  try {
    return (await client.query(sql, parameters)).rows as R[];
  } finally {
    await client.end();
  }
}
