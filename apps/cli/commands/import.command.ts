import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { Command, InvalidArgumentError } from 'commander';
import { ImportOnlineRetail, type ImportReport } from '#erp/imports';
import { checkNewTenant, ProvisionTenant } from '#erp/tenants';
import { currentTenant, type TenantIdentity } from '#libs/context';
import { analyzeGrownTables } from '#libs/database';
import { inTenant, TenantPlaces } from '#libs/tenancy';
import { inApplication } from '../in-application.js';
import { ErrorFile } from '../output/error-file.js';
import { ProgressBar } from '../output/progress-bar.js';

interface ImportOptions {
  readonly tenant: string;
  readonly openingCostPercent: number;
  readonly errors?: string;
}

/** `quoin import …`: other systems' data (requirement E17). */
export function importCommand(): Command {
  return new Command('import')
    .description("bring another system's data into the books")
    .addCommand(onlineRetailCommand());
}

function onlineRetailCommand(): Command {
  return new Command('online-retail')
    .description(
      'the public "Online Retail" data: CSV, also gzipped. Interrupted and run again it goes on where it ended',
    )
    .argument('<file>', 'the CSV file; .gz is gunzipped')
    .requiredOption('--tenant <slug>', 'the tenant; created when there is none (GBP, Europe/London)')
    .option(
      '--opening-cost-percent <percent>',
      'what opening stock is worth, in percent of the first price',
      percent,
      60,
    )
    .option('--errors <file>', 'where lines that cannot be imported go (default: <file>.errors.csv in this folder)')
    .action((file: string, options: ImportOptions) =>
      inApplication(async (application) => {
        const tenant = await tenantOf(application, options.tenant);
        const report = await inTenant(tenant, () => importFile(application, file, options));
        console.log(summary(report));
      }),
    );
}

async function importFile(
  application: INestApplicationContext,
  file: string,
  options: ImportOptions,
): Promise<ImportReport> {
  const errors = new ErrorFile(options.errors ?? `${basename(file)}.errors.csv`);
  const bar = new ProgressBar('lines');
  try {
    const report = await application.get(ImportOnlineRetail, { strict: false }).execute({
      path: file,
      openingCostPercent: options.openingCostPercent,
      onProgress: ({ lines, linesTotal }) => bar.show(lines, linesTotal),
      onRejected: (row) => errors.add(row),
      refreshStatistics: statisticsRefresher(application.get(TenantPlaces, { strict: false })),
    });
    if (errors.count > 0) console.error(`${errors.count} lines could not be imported: see ${errors.path}`);
    return report;
  } finally {
    bar.end();
    errors.close();
  }
}

/** Only the owner may; without its login the import is slower until autovacuum comes. */
function statisticsRefresher(places: TenantPlaces): (() => Promise<void>) | undefined {
  const { placement } = currentTenant();
  return places.canMake ? () => analyzeGrownTables(places.login(placement), placement.schema) : undefined;
}

/** An interrupted run may have begun to make the tenant: it is finished then. */
async function tenantOf(application: INestApplicationContext, slug: string): Promise<TenantIdentity> {
  const provision = application.get(ProvisionTenant);
  const known = await provision.resume(slug);
  if (known) return known;
  const email = `owner@${slug}.example`;
  const password = randomBytes(18).toString('base64url');
  const admin = { email, name: 'Owner', password };
  const request = { slug, name: slug, currency: 'GBP', timeZone: 'Europe/London', country: 'GB', admin };
  checkNewTenant(request);
  // Said before it is so: whoever is interrupted afterwards could not be told any more.
  console.error(`Creating the tenant ${slug}. Its owner signs in as ${email} with ${password}`);
  return provision.execute(request);
}

function summary({ documents, lines, documentsSkipped, rejected }: ImportReport): string {
  const skipped = documentsSkipped > 0 ? `, ${documentsSkipped} documents were there already` : '';
  return `Imported ${documents} documents with ${lines} lines${skipped}; ${rejected} lines rejected.`;
}

function percent(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 1_000)
    throw new InvalidArgumentError('a whole number from 0 to 1000');
  return value;
}
