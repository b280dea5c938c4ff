import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { businessDate, Clock, numberingYear } from '#libs/kernel';
import { NumberSeries } from '#libs/numbering';
import type { SalesDocument } from '../invoices/sales-document.entity.js';

const PREFIXES = { invoice: 'INV', credit_note: 'CN' } as const;

/**
 * Dates and numbers a document that is being issued. The number is the last thing a unit of work takes: whoever wants
 * the next one waits until this one is committed or gone (requirements E15 and J5).
 */
@Injectable()
export class DocumentNumbers {
  constructor(
    private readonly clock: Clock,
    private readonly series: NumberSeries,
  ) {}

  /** The tenant's local date at this instant. */
  today(): string {
    return businessDate(this.clock.now(), currentTenant().timeZone);
  }

  /** Takes the number before it is needed, where the unit of work allows that. */
  ahead(kind: keyof typeof PREFIXES): void {
    this.series.ahead(kind, numberingYear(this.clock.now(), currentTenant().timeZone));
  }

  /** Fills in number, year, sequence and the instant and date of issue. */
  async stamp(document: SalesDocument, kind: keyof typeof PREFIXES): Promise<void> {
    const now = this.clock.now();
    const { timeZone } = currentTenant();
    document.issuedAt = now;
    document.issuedOn = businessDate(now, timeZone);
    document.year = numberingYear(now, timeZone);
    document.sequence = await this.series.next(kind, document.year);
    document.number = `${PREFIXES[kind]}-${document.year}-${String(document.sequence).padStart(6, '0')}`;
  }
}
