import { Injectable } from '@nestjs/common';
import { Outbox } from '#libs/events';
import type { Invoice } from '../invoices/invoice.entity.js';
import { CreditNoteIssued } from '../invoices/invoice.events.js';
import { InvoiceLocks } from '../invoices/invoice-locks.js';
import type { CreditNote } from './credit-note.entity.js';
import { CreditNotesRepository } from './credit-notes.repository.js';

/** Writes credit notes and what they take off their invoice. */
@Injectable()
export class CreditNoteLedger {
  constructor(
    private readonly notes: CreditNotesRepository,
    private readonly locks: InvoiceLocks,
    private readonly outbox: Outbox,
  ) {}

  async write(note: CreditNote, ...invoices: readonly Invoice[]): Promise<void> {
    await this.locks.saveCredited(invoices, new Set(note.lines.map((line) => line.invoiceLineId)));
    this.notes.insertWhole(note);
    await this.outbox.append(new CreditNoteIssued(note));
  }
}
