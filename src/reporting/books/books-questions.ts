import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { type BooksFault, currencyExponent } from '#libs/kernel';

/** Faults that one question gives at most: the first ones name the trouble. */
export const FAULTS_MAX = 100;

/**
 * A question to the rows whose right answer is no row. Its SQL gives `code`, `subject` and `message` of each fault, without
 * an end or an order of its own. `$1` is the tenant.
 */
export type BooksQuestion = (rounding: Rounding) => string;

/** What SQL needs to round amounts of the tenant's currency. */
export interface Rounding {
  /** SQL of how many 1/10,000 make a minor unit. */
  readonly perMinor: string;
}

/** Puts questions to the rows of the current tenant. */
@Injectable()
export class BooksQuestions {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Faults in the order of the questions. */
  async ask(...questions: readonly BooksQuestion[]): Promise<BooksFault[]> {
    const { id, currency } = currentTenant();
    const rounding = { perMinor: `${10 ** (4 - currencyExponent(currency))}::numeric` };
    return this.unitOfWork.read(async () => {
      const faults: BooksFault[] = [];
      for (const question of questions) {
        // Materialized: with the limit in sight, the planner would look up every line one by one for the few it expects.
        const sql = `
          with fault as materialized (${question(rounding)})
          select code, subject, message from fault order by code, subject limit ${FAULTS_MAX}`;
        faults.push(...(await this.unitOfWork.query<BooksFault>(sql, [id])));
      }
      return faults;
    });
  }
}
