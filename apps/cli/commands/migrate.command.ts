import { Command, InvalidArgumentError } from 'commander';
import { loadProcessConfig } from '#libs/config';
import { LandlordDatabase } from '#libs/database';
import { databaseOptions } from '#libs/platform';
import { MigrateAll, type PlaceOutcome, TenantPlaces } from '#libs/tenancy';
import { schemas } from '../../../ormconfig.js';
import { ProgressBar } from '../output/progress-bar.js';

const PARALLEL_MAX = 32;

/** Fewer places than this are told one by one; of more, what happened to those where something did. */
const FEW = 10;

/** `quoin migrate`: brings the landlord, the shared databases and every tenant's own schema or database up to date. */
export function migrateCommand(): Command {
  return new Command('migrate')
    .description('bring all databases and schemas up to date (needs DB_OWNER_USERNAME and DB_OWNER_PASSWORD)')
    .option('--parallel <number>', 'places at the same time', parallelOf, 4)
    .action(async ({ parallel }: { parallel: number }) => {
      const options = databaseOptions(loadProcessConfig(), schemas);
      const landlord = new LandlordDatabase(options);
      const bar = new ProgressBar('places');
      try {
        const all = new MigrateAll(options, landlord, new TenantPlaces(options, landlord));
        const onProgress = (_outcome: PlaceOutcome, done: number, total: number): void => {
          if (total > FEW) bar.show(done, total);
        };
        const outcomes = await all.run({ parallel, onProgress });
        if (outcomes.length > FEW) bar.end();
        report(outcomes);
      } finally {
        await landlord.onApplicationShutdown();
      }
    });
}

function report(outcomes: readonly PlaceOutcome[]): void {
  const failed = outcomes.filter(({ error }) => error);
  const told = outcomes.length > FEW ? outcomes.filter(({ applied }) => applied.length > 0) : outcomes;
  for (const { place, applied, error } of told) {
    if (!error) console.log(`${place}: ${applied.length === 0 ? 'up to date' : applied.join(', ')}`);
  }
  for (const { place, error } of failed) console.error(`${place}: FAILED: ${error?.message}`);
  if (outcomes.length > FEW || failed.length > 0) {
    console.log(`${outcomes.length - failed.length} of ${outcomes.length} places are up to date.`);
  }
  if (failed.length > 0) {
    console.error(`${failed.length} failed. Put it right and run the same command again: it takes up what is missing.`);
    process.exitCode = 1;
  }
}

function parallelOf(text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= PARALLEL_MAX) return value;
  throw new InvalidArgumentError(`Must be a number from 1 to ${PARALLEL_MAX}.`);
}
