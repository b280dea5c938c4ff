import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import type { AccountType } from './account.entity.js';

/** What an account has on it at a date. */
export interface TrialBalanceLine {
  readonly accountId: string;
  readonly code: string;
  readonly name: string;
  readonly type: AccountType;
  /** Sum of all debits up to and including the date; minor units. */
  readonly debitMinor: bigint;
  /** Sum of all credits; minor units, positive. */
  readonly creditMinor: bigint;
}

/** All accounts at a date; debits and credits are equal at any date. */
export interface TrialBalance {
  readonly at: string;
  readonly lines: readonly TrialBalanceLine[];
  readonly debitMinor: bigint;
  readonly creditMinor: bigint;
}

// Whole months from the cached balances, the month of the date itself from its lines: the cost does not grow with the
// age of the books.
const TRIAL_BALANCE = `
  select a.id, a.code, a.name, a.type, coalesce(sum(m.debit), 0)::text debit, coalesce(sum(m.credit), 0)::text credit
  from account a left join (
    select account_id, debit_minor debit, credit_minor credit from account_balance
    where tenant_id = $1 and month < date_trunc('month', $2::date)
    union all
    select l.account_id, greatest(l.amount_minor, 0), greatest(-l.amount_minor, 0)
    from journal_entry e join journal_line l on l.tenant_id = e.tenant_id and l.entry_id = e.id
    where e.tenant_id = $1 and e.entry_date between date_trunc('month', $2::date) and $2::date
  ) m on m.account_id = a.id
  where a.tenant_id = $1
  group by a.id, a.code, a.name, a.type order by a.code`;

/** Balances at a date. */
@Injectable()
export class TrialBalanceQueries {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** @param at last business date that counts */
  async at(at: string): Promise<TrialBalance> {
    const rows = await this.unitOfWork.read(() =>
      this.unitOfWork.query<{
        id: string;
        code: string;
        name: string;
        type: AccountType;
        debit: string;
        credit: string;
      }>(TRIAL_BALANCE, [currentTenant().id, at]),
    );
    const lines = rows.map(({ id, code, name, type, debit, credit }) => ({
      accountId: id,
      code,
      name,
      type,
      debitMinor: BigInt(debit),
      creditMinor: BigInt(credit),
    }));
    return {
      at,
      lines,
      debitMinor: lines.reduce((sum, line) => sum + line.debitMinor, 0n),
      creditMinor: lines.reduce((sum, line) => sum + line.creditMinor, 0n),
    };
  }
}
