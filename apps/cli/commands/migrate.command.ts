import { Command } from 'commander';
import { loadProcessConfig } from '#libs/config';
import { type DatabaseKind, migrateDatabase } from '#libs/database';
import { ownerLogin } from '#libs/platform';
import { schemas } from '../../../ormconfig.js';

/** `quoin migrate`: brings the landlord's and the tenants' databases up to date, as the owner. */
export function migrateCommand(): Command {
  return new Command('migrate')
    .description('bring the landlord and tenant databases up to date (needs DB_OWNER_USERNAME and DB_OWNER_PASSWORD)')
    .action(async () => {
      const config = loadProcessConfig();
      for (const kind of ['landlord', 'tenant'] satisfies DatabaseKind[]) {
        const { database, applied } = await migrateDatabase(kind, ownerLogin(config, kind), schemas);
        console.log(`${database}: ${applied.length === 0 ? 'up to date' : applied.join(', ')}`);
      }
    });
}
