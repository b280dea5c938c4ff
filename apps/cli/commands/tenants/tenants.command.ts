import { Command, Option } from 'commander';
import { type LandlordTenant, LandlordTenants, ProvisionTenant, SuspendTenant, SweepSignUps } from '#erp/tenants';
import { audited } from '../../in-application.js';
import { readPassword } from '../../read-password.js';
import { moveCommand } from './move.command.js';
import { describePlacement, type PlaceOptions, wishesOf, withPlaceOptions } from './place-options.js';

interface CreateOptions extends PlaceOptions {
  readonly name: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly country: string;
  readonly adminEmail: string;
  readonly adminName: string;
}

/** `quoin tenants create|list|show|suspend|resume|move|provision`: the landlord's work on tenants. */
export function tenantsCommand(): Command {
  return new Command('tenants')
    .description('the tenants of this installation: make, look at, suspend and move them')
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(suspendCommand())
    .addCommand(resumeCommand())
    .addCommand(moveCommand())
    .addCommand(provisionCommand());
}

function createCommand(): Command {
  return withPlaceOptions(
    new Command('create')
      .description("make a tenant; its administrator's password is read from standard input")
      .argument('<slug>')
      .requiredOption('--name <name>', 'the company')
      .requiredOption('--currency <code>', 'ISO 4217')
      .requiredOption('--time-zone <zone>', 'IANA time zone')
      .requiredOption('--country <code>', 'ISO 3166-1 alpha-2')
      .requiredOption('--admin-email <address>', 'its first administrator')
      .requiredOption('--admin-name <name>', 'what they are called'),
  ).action(async (slug: string, options: CreateOptions) => {
    const { name, currency, timeZone, country, adminEmail, adminName } = options;
    const admin = { email: adminEmail, name: adminName, password: await readPassword() };
    await audited(async (application) => {
      const request = { slug, name, currency, timeZone, country, admin };
      const { status, placement } = await application.get(ProvisionTenant).execute(request, wishesOf(options));
      const rest = status === 'provisioning' ? '; run "quoin tenants provision" with the owner\'s login' : '';
      console.log(`${slug} is ${status} (${describePlacement(placement)})${rest}`);
    });
  });
}

function listCommand(): Command {
  return new Command('list')
    .description('all tenants in the order of their slugs')
    .addOption(new Option('--status <status>').choices(['provisioning', 'active', 'suspended']))
    .option('--cluster <name>', 'those on one cluster')
    .option('--json', 'one JSON document a line')
    .action(async ({ json, ...filter }: { json?: boolean; status?: LandlordTenant['status']; cluster?: string }) => {
      await audited(async (application) => {
        const tenants = application.get(LandlordTenants);
        for (let cursor: string | undefined; ;) {
          const page = await tenants.list({ ...filter, cursor, limit: 200 });
          for (const tenant of page.items) console.log(json ? JSON.stringify(tenant) : line(tenant));
          if (page.nextCursor === null) return;
          cursor = page.nextCursor;
        }
      });
    });
}

function line({ slug, status, placement, name }: LandlordTenant): string {
  return `${slug.padEnd(24)} ${status.padEnd(12)} ${describePlacement(placement)}  ${name}`;
}

function showCommand(): Command {
  return new Command('show')
    .description('one tenant, as JSON')
    .argument('<slug>')
    .action(async (slug: string) => {
      await audited(async (application) => {
        console.log(JSON.stringify(await application.get(LandlordTenants).bySlug(slug), null, 2));
      });
    });
}

function suspendCommand(): Command {
  return new Command('suspend')
    .description('stop serving a tenant; every process knows within two seconds; its data stay')
    .argument('<slug>')
    .requiredOption('--reason <text>', 'for the record')
    .action(async (slug: string, { reason }: { reason: string }) => {
      await audited((application) => application.get(SuspendTenant).suspend(slug, reason));
      console.log(`${slug} is suspended.`);
    });
}

function resumeCommand(): Command {
  return new Command('resume')
    .description('serve a suspended tenant again')
    .argument('<slug>')
    .action(async (slug: string) => {
      await audited((application) => application.get(SuspendTenant).resume(slug));
      console.log(`${slug} is served again.`);
    });
}

function provisionCommand(): Command {
  return new Command('provision')
    .description("finish sign-ups that wait for a schema or database of their own (needs the owner's login)")
    .action(async () => {
      const { finished, failed } = await audited((application) => application.get(SweepSignUps).execute());
      console.log(`${finished} finished, ${failed} failed`);
      if (failed > 0) process.exitCode = 1;
    });
}
