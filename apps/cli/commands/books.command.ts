import { Command, InvalidArgumentError } from 'commander';
import { type BooksReport, VerifyBooks } from '#erp/reporting';
import { TenantUnknown } from '#libs/tenancy';
import { OperatorError } from '../failure.js';
import { inApplicationOf } from '../in-application.js';
import { booksTables } from '../output/books-tables.js';

interface VerifyOptions {
  readonly tenant: string;
  readonly json?: boolean;
  readonly month?: string;
}

/** `quoin books …`: what the books say, and whether it is so. */
export function booksCommand(): Command {
  return new Command('books').description("look at a tenant's books").addCommand(verifyCommand());
}

function verifyCommand(): Command {
  return new Command('verify')
    .description('recompute everything from the rows; exit code 1 names the first fault')
    .requiredOption('--tenant <slug>', 'the tenant')
    .option('--json', 'print ok, faults, outstanding, total, by_month, by_country and by_sku as one JSON object')
    .option('--month <YYYY-MM>', 'total the trade of one month alone (the checks look at everything)', month)
    .action(async (options: VerifyOptions) => {
      const report = await verified(options);
      console.log(options.json ? JSON.stringify(document(report), null, 2) : booksTables(options.tenant, report));
      const [first] = report.checks.flatMap(({ faults }) => faults);
      if (first) throw new OperatorError(`The books of ${options.tenant} are wrong: ${first.message} (${first.code})`);
    });
}

async function verified({ tenant, month: only }: VerifyOptions): Promise<BooksReport> {
  try {
    return await inApplicationOf(tenant, (application) =>
      application.get(VerifyBooks, { strict: false }).execute({ month: only }),
    );
  } catch (error) {
    if (error instanceof TenantUnknown) throw new OperatorError(`There is no tenant "${tenant}".`);
    throw error;
  }
}

/** The report under the names of the truth files. */
function document({ ok, checks, outstanding, deadLetters, totals }: BooksReport): object {
  const faults = checks.flatMap((check) => check.faults);
  return { ok, faults, outstanding, dead_letters: deadLetters, ...totals };
}

function month(text: string): string {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) throw new InvalidArgumentError('a month like 2010-12');
  return text;
}
