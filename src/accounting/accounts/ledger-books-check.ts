import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import type { BooksCheck, BooksFault } from '#libs/kernel';

const FAULTS_MAX = 100;

// Each finds what the database should never have let in: read from the rows, trusting no constraint.
const CHECKS: readonly { readonly code: string; readonly sql: string; readonly says: string }[] = [
  {
    code: 'accounting.entry.unbalanced',
    says: 'the lines of the entry add up to this many minor units, over this many lines',
    sql: `select e.id::text subject, coalesce(sum(l.amount_minor), 0) || ', ' || count(l.id) figures
          from journal_entry e left join journal_line l on l.tenant_id = e.tenant_id and l.entry_id = e.id
          group by e.id having coalesce(sum(l.amount_minor), 0) <> 0 or count(l.id) < 2 order by e.id`,
  },
  {
    code: 'accounting.line.orphan',
    says: 'the line has no entry',
    sql: `select l.id::text subject, l.entry_id::text figures
          from journal_line l left join journal_entry e on e.tenant_id = l.tenant_id and e.id = l.entry_id
          where e.id is null order by l.id`,
  },
  {
    code: 'accounting.trial_balance.not_zero',
    says: 'all lines together add up to',
    sql: `select 'trial balance' subject, sum(amount_minor)::text figures from journal_line having sum(amount_minor) <> 0`,
  },
  {
    code: 'accounting.balance.differs',
    says: 'kept debit and credit against the sums of the lines',
    sql: `select a.code || ' ' || month subject, b.debit || '/' || b.credit || ' against ' || b.line_debit || '/' || b.line_credit figures
          from (
            select account_id, month, sum(debit) debit, sum(credit) credit, sum(line_debit) line_debit, sum(line_credit) line_credit
            from (
              select account_id, month, debit_minor debit, credit_minor credit, 0 line_debit, 0 line_credit from account_balance
              union all
              select l.account_id, date_trunc('month', e.entry_date)::date, 0, 0, greatest(l.amount_minor, 0), greatest(-l.amount_minor, 0)
              from journal_line l join journal_entry e on e.tenant_id = l.tenant_id and e.id = l.entry_id
            ) x group by account_id, month
          ) b left join account a on a.id = b.account_id
          where b.debit <> b.line_debit or b.credit <> b.line_credit order by a.code, month`,
  },
];

/** Every entry balances, the trial balance is zero, and kept balances are the sums of the lines. */
@Injectable()
export class LedgerBooksCheck implements BooksCheck {
  readonly name = 'ledger';

  constructor(private readonly unitOfWork: UnitOfWork) {}

  async faults(): Promise<BooksFault[]> {
    return this.unitOfWork.read(async () => {
      const faults: BooksFault[] = [];
      for (const check of CHECKS) {
        const rows = await this.unitOfWork.query<{ subject: string; figures: string }>(
          `${check.sql} limit ${FAULTS_MAX}`,
        );
        for (const { subject, figures } of rows) {
          faults.push({ code: check.code, subject, message: `${subject}: ${check.says} ${figures}.` });
        }
      }
      return faults;
    });
  }
}
