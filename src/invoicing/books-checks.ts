import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import type { BooksCheck, BooksFault } from '#libs/kernel';

const FAULTS_MAX = 100;

const DOCUMENTS = [
  { table: 'invoice', lines: 'invoice_line', taxes: 'invoice_tax', key: 'invoice_id' },
  { table: 'credit_note', lines: 'credit_note_line', taxes: 'credit_note_tax', key: 'credit_note_id' },
] as const;

/**
 * Numbers are 1, 2, 3 … per year without a gap, documents add up, and credits never exceed what they credit: read from
 * the rows, trusting no constraint.
 */
@Injectable()
export class InvoicingBooksCheck implements BooksCheck {
  readonly name = 'invoices';

  constructor(private readonly unitOfWork: UnitOfWork) {}

  async faults(): Promise<BooksFault[]> {
    return this.unitOfWork.read(async () => {
      const faults: BooksFault[] = [];
      for (const { table, lines, taxes, key } of DOCUMENTS) {
        faults.push(...(await this.rows(`invoicing.${table}.gap`, gaps(table))));
        faults.push(...(await this.rows(`invoicing.${table}.sum`, sums(table, lines, taxes, key))));
      }
      faults.push(...(await this.rows('invoicing.invoice_line.credited', CREDITED)));
      return faults;
    });
  }

  private async rows(code: string, sql: string): Promise<BooksFault[]> {
    const rows = await this.unitOfWork.query<{ subject: string; message: string }>(`${sql} limit ${FAULTS_MAX}`);
    return rows.map((row) => ({ code, ...row }));
  }
}

function gaps(table: string): string {
  return `
    select number subject, number || ' follows number ' || before || ' of ' || year || '.' message
    from (select number, year, sequence, lag(sequence, 1, 0) over (partition by year order by sequence) before from ${table}) x
    where sequence <> before + 1 order by year, sequence`;
}

function sums(table: string, lines: string, taxes: string, key: string): string {
  return `
    select d.number subject, d.number || ': net ' || d.net_minor || ', tax ' || d.tax_minor || ', total ' || d.total_minor
      || '; its taxes say ' || t.base || ' and ' || t.tax || ', its lines ' || l.amount || ' (minor units).' message
    from ${table} d
    cross join lateral (select coalesce(sum(base_minor), 0) base, coalesce(sum(tax_minor), 0) tax from ${taxes} where ${key} = d.id and tenant_id = d.tenant_id) t
    cross join lateral (select coalesce(sum(amount_minor), 0) amount from ${lines} where ${key} = d.id and tenant_id = d.tenant_id) l
    where d.net_minor <> t.base or d.tax_minor <> t.tax or d.net_minor + d.tax_minor <> d.total_minor
      or l.amount <> case d.price_mode when 'net' then d.net_minor else d.total_minor end
    order by d.number`;
}

const CREDITED = `
  select l.id::text subject, l.id || ': ' || l.credited_quantity || ' units for ' || l.credited_minor
    || ' are written on the line, its credit notes have ' || coalesce(c.quantity, 0) || ' for ' || coalesce(c.amount, 0) || '.' message
  from invoice_line l
  left join (
    select invoice_line_id, sum(quantity) quantity, sum(amount_minor) amount from credit_note_line group by invoice_line_id
  ) c on c.invoice_line_id = l.id
  where l.credited_quantity <> coalesce(c.quantity, 0) or l.credited_minor <> coalesce(c.amount, 0)
    or l.credited_quantity > l.quantity
  order by l.id`;
