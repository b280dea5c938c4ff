import { Inject, Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import type { BooksCheck, BooksFault } from '#libs/kernel';
import { type TradeTotals } from '../trade/trade-figures.js';
import { TradeTotalsQueries } from '../trade/trade-totals.queries.js';

/** Injection token of all checks of the books, in the order in which they run. */
export const BOOKS_CHECKS = Symbol('BooksChecks');

/** What one check found. */
export interface CheckedBooks {
  readonly name: string;
  /** Empty when all is right; at most a hundred for each question. */
  readonly faults: readonly BooksFault[];
}

/** The books of a tenant at one instant, recomputed from their rows. */
export interface BooksReport {
  /** True when no check found a fault. */
  readonly ok: boolean;
  readonly checks: readonly CheckedBooks[];
  /** Deliveries of events that are not finished: no fault, but what they bring about is not in the books yet. */
  readonly outstanding: number;
  /** Those of them that will not be tried again until an operator decides. */
  readonly deadLetters: number;
  readonly totals: TradeTotals;
}

/** A statement over all lines of a tenant takes seconds where a request's takes milliseconds. */
const STATEMENT_TIMEOUT_MS = 300_000;

// Every statement here reads all lines of a tenant: joined by hashing, in enough memory to do so. Right after an import no
// statistics say so, and the planner would look lines up one by one.
const PLANNING = [`work_mem = '64MB'`, 'enable_nestloop = off', 'jit = off'];

const OUTSTANDING = `
  select count(*)::int as outstanding, (count(*) filter (where state = 'dead'))::int as dead
  from platform.delivery where tenant_id = $1 and completed_at is null`;

/** `books verify` (issue 2, section 6): all checks and all totals of the current tenant, on one snapshot of the database. */
@Injectable()
export class VerifyBooks {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly trade: TradeTotalsQueries,
    @Inject(BOOKS_CHECKS) private readonly checks: readonly BooksCheck[],
  ) {}

  /** @param month `YYYY-MM` to total the trade of one month alone; the checks look at everything */
  async execute({ month }: { readonly month?: string | undefined } = {}): Promise<BooksReport> {
    return this.unitOfWork.read(
      async () => {
        for (const setting of PLANNING) await this.unitOfWork.execute(`set local ${setting}`);
        const checks: CheckedBooks[] = [];
        for (const check of this.checks) checks.push({ name: check.name, faults: await check.faults() });
        const ok = checks.every(({ faults }) => faults.length === 0);
        return { ok, checks, ...(await this.deliveries()), totals: await this.trade.all(month) };
      },
      { snapshot: true, statementTimeoutMs: STATEMENT_TIMEOUT_MS },
    );
  }

  private async deliveries(): Promise<{ outstanding: number; deadLetters: number }> {
    const [row] = await this.unitOfWork.query<{ outstanding: number; dead: number }>(OUTSTANDING, [currentTenant().id]);
    return { outstanding: row?.outstanding ?? 0, deadLetters: row?.dead ?? 0 };
  }
}
