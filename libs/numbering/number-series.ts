import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { type ComputedColumns, UnitOfWork } from '#libs/database';
import { uuidv7 } from '#libs/kernel';

const NEXT = `
  insert into number_series as s (tenant_id, id, series, year, last) values ($1, $2, $3, $4, $5)
  on conflict (tenant_id, series, year) do update set last = s.last + $5
  returning last`;

const TAKEN = `
  taken as (
    insert into number_series as s (tenant_id, id, series, year, last) values ($2, $3, $4, $5, 1)
    on conflict (tenant_id, series, year) do update set last = s.last + 1
    returning last)`;

/** A number that its document's own INSERT takes. */
export interface NumberTakenLate {
  /** What stands for it until the commit. */
  readonly placeholder: string;
  /** Makes the column that holds the number, e.g. `number`. */
  columns(column: string): ComputedColumns;
  /** Says what the INSERT gave; call it with the promise of it, as soon as it is sent. */
  taken(number: Promise<string>): void;
}

/**
 * Document numbers without gaps or duplicates, per tenant, series and year (requirement E4).
 *
 * A number is a row update inside the transaction that uses it: it rolls back with it, and whoever wants the next
 * number waits for that transaction to end. A PostgreSQL sequence does neither: it loses numbers on rollback and jumps
 * ahead after a crash. The price is that documents of one series are issued one after the other, so take the number as
 * late in the unit of work as possible: after stock, orders, invoices and payments are locked, before account balances.
 */
@Injectable()
export class NumberSeries {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Takes the next number: 1, 2, 3 …
   * @param series lower case, e.g. `invoice`
   * @param year the numbering year, from the tenant's local date (`numberingYear` of the kernel); 0 = counted through all years
   * @throws UnitOfWorkRequired outside a unit of work: the number must commit with the document that carries it
   */
  async next(series: string, year: number): Promise<number> {
    return this.take(series, year, 1);
  }

  /**
   * The next number, taken by the INSERT of its document, which leaves in one flight with COMMIT: the series is then locked for as
   * long as the server needs, not for turns of this process. Null where nobody fills in what is known after the commit: take
   * {@link next} there. The number reads `prefix` and at least `digits` digits.
   */
  late(series: string, year: number, prefix: string, digits: number): NumberTakenLate | null {
    if (!this.unitOfWork.takesLateTexts) return null;
    // What can be written before others have to wait is.
    this.unitOfWork.sendDeferred();
    const placeholder = `{${series} ${uuidv7()}}`;
    const setting = `quoin.number_of_${series}`;
    return {
      placeholder,
      columns: (column) => ({
        with: TAKEN,
        from: 'taken',
        parameters: [currentTenant().id, uuidv7(), series, year, prefix, digits, setting],
        // Not cut off, as lpad would, once there are more digits.
        columns: {
          [column]: `set_config($8, $6 || lpad(last::text, greatest($7::int, length(last::text)), '0'), true)`,
        },
      }),
      taken: (text) => this.unitOfWork.promiseText({ placeholder, setting, text }),
    };
  }

  /**
   * Takes the next number before it is needed, where the unit of work allows that, in the round trip of what is sent with it; the
   * next {@link next} gives it. After the locks on stock and documents, like any number. One that is not used makes the unit of work fail.
   */
  ahead(series: string, year: number): void {
    if (!this.unitOfWork.takesNumbersAhead) return;
    const key = aheadKey(series, year);
    const number = this.presumed(series, year) ?? this.fetch(series, year, 1);
    // Looked at when it is used, or by whoever failed before.
    number.catch(() => undefined);
    this.unitOfWork.hold(key, number);
    this.unitOfWork.checkAtCommit(() => {
      if (this.unitOfWork.held(key)) throw new Error(`a number of ${series} ${year} was taken and not used`);
    });
  }

  /** Takes `count` numbers at once and gives the first of them. Same promises as {@link next}. */
  async take(series: string, year: number, count: number): Promise<number> {
    if (!Number.isSafeInteger(count) || count < 1) throw new RangeError(`cannot take ${count} numbers`);
    const key = aheadKey(series, year);
    const ahead = count === 1 ? this.unitOfWork.held<Promise<number>>(key) : undefined;
    if (ahead) this.unitOfWork.letGo(key);
    const first = await (ahead ?? this.fetch(series, year, count));
    this.unitOfWork.leave(key, () => first + count);
    return first;
  }

  /** The number that the unit of work before leaves; it is taken when this one ends. */
  private presumed(series: string, year: number): Promise<number> | undefined {
    const number = this.unitOfWork.foreseen<number>(aheadKey(series, year));
    if (number === undefined) return undefined;
    this.unitOfWork.presume<NumberRow>([{ last: String(number) }], NEXT, parametersOf(series, year, 1));
    return Promise.resolve(number);
  }

  private async fetch(series: string, year: number, count: number): Promise<number> {
    const turn = this.unitOfWork.takeTurn();
    if (turn) await turn;
    const [row] = await this.unitOfWork.query<NumberRow>(NEXT, parametersOf(series, year, count));
    const last = Number(row?.last);
    if (!Number.isSafeInteger(last)) throw new RangeError(`number series ${series} ${year} is exhausted`);
    return last - count + 1;
  }
}

interface NumberRow {
  readonly last: string;
}

function parametersOf(series: string, year: number, count: number): unknown[] {
  return [currentTenant().id, uuidv7(), series, year, count];
}

function aheadKey(series: string, year: number): string {
  return `next number of ${series} ${year}`;
}
