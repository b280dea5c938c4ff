import { Command, Option } from 'commander';
import { loadProcessConfig } from '#libs/config';
import { type DemoOwner, type DemoSummary, seedDemo } from '../demo/seed-demo.js';
import { OperatorError } from '../failure.js';
import { inApplication } from '../in-application.js';

/** The demo owner's password where no other is given: published, so never for a system that others can reach. */
const DEVELOPMENT_PASSWORD = 'quoin demo password';

interface SeedOptions {
  readonly tenant: string;
  readonly email: string;
  readonly password?: string;
}

/** `quoin demo …`: a company to try Quoin with. */
export function demoCommand(): Command {
  return new Command('demo').description('a company to try Quoin with; never in production').addCommand(seedCommand());
}

function seedCommand(): Command {
  return new Command('seed')
    .description('make the demo company: catalogue, customers, warehouses and opening stock; run again it does nothing')
    .addOption(new Option('--tenant <slug>', 'its slug').env('DEMO_TENANT').default('demo'))
    .addOption(new Option('--email <address>', 'who owns it').env('DEMO_EMAIL').default('owner@demo.quoin.localhost'))
    .addOption(
      new Option('--password <password>', `the owner's; in development and tests "${DEVELOPMENT_PASSWORD}"`).env(
        'DEMO_PASSWORD',
      ),
    )
    .action(async (options: SeedOptions) => {
      const owner = ownerOf(options);
      await inApplication(async (application) => console.log(described(owner, await seedDemo(application, owner))));
    });
}

/** @throws OperatorError in production, and in staging without a password */
function ownerOf({ tenant, email, password }: SeedOptions): DemoOwner {
  const { environment } = loadProcessConfig();
  if (environment === 'production') throw new OperatorError('There is no demo company in production (APP_ENV).');
  if (password) return { tenant, email, password };
  if (environment === 'staging') throw new OperatorError('Choose a password for the demo company: DEMO_PASSWORD.');
  return { tenant, email, password: DEVELOPMENT_PASSWORD };
}

function described({ email }: DemoOwner, { tenant, categories, products, customers, stocks }: DemoSummary): string {
  const codes = stocks.map(({ warehouse }) => warehouse.code).join(', ');
  const opened = stocks.filter((stock) => stock.opened).length;
  return [
    `Demo tenant   ${tenant.slug}: ${tenant.name}, ${tenant.currency}, ${tenant.timeZone}; its owner signs in as ${email}`,
    `Catalogue     ${products} products in ${categories} categories`,
    `Customers     ${customers}`,
    `Warehouses    ${stocks.length}: ${codes}`,
    `Opening stock ${opened === 0 ? 'was there already' : `put into ${opened} of them`}`,
  ].join('\n');
}
