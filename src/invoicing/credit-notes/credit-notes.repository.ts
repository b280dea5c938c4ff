import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { currentTenant } from '#libs/context';
import { TenantRepository, UnitOfWork } from '#libs/database';
import { CreditNote, CreditNoteLine, CreditNoteTax } from './credit-note.entity.js';
import { CreditNoteNotFound } from './credit-note.errors.js';

/** The only place that reads and writes lines of credit notes. */
@Injectable()
export class CreditNoteLinesRepository extends TenantRepository<CreditNoteLine> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, CreditNoteLine, CreditNoteNotFound);
  }

  /** Units of each invoice line that were credited because they were cancelled. */
  async cancelledQuantities(invoiceLineIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.unitOfWork.query<{ invoice_line_id: string; quantity: string }>(
      `select l.invoice_line_id, sum(l.quantity) quantity
       from credit_note_line l join credit_note n on n.tenant_id = l.tenant_id and n.id = l.credit_note_id
       where l.tenant_id = $1 and l.invoice_line_id = any($2) and n.reason = 'cancellation'
       group by l.invoice_line_id`,
      [currentTenant().id, invoiceLineIds],
    );
    return new Map(rows.map((row) => [row.invoice_line_id, Number(row.quantity)]));
  }
}

/** The only place that reads and writes the taxes of credit notes. */
@Injectable()
export class CreditNoteTaxesRepository extends TenantRepository<CreditNoteTax> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, CreditNoteTax, CreditNoteNotFound);
  }
}

/** The only place that reads and writes credit notes. */
@Injectable()
export class CreditNotesRepository extends TenantRepository<CreditNote> {
  constructor(
    unitOfWork: UnitOfWork,
    private readonly lines: CreditNoteLinesRepository,
    private readonly taxes: CreditNoteTaxesRepository,
  ) {
    super(unitOfWork, CreditNote, CreditNoteNotFound);
  }

  /** With lines and taxes: three statements, however long, while the work goes on. */
  insertWhole(note: CreditNote): void {
    this.unitOfWork.inBackground(
      Promise.all([this.insert(note), this.lines.insert(note.lines), this.taxes.insert(note.taxes)]),
    );
  }

  /** Puts lines and taxes into the credit notes. */
  async complete(notes: readonly CreditNote[]): Promise<readonly CreditNote[]> {
    if (notes.length === 0) return notes;
    const of = { creditNoteId: In(notes.map((note) => note.id)) };
    const lines = Map.groupBy(await this.lines.find(of, { order: { lineNo: 'ASC' } }), (line) => line.creditNoteId);
    const taxes = Map.groupBy(
      await this.taxes.find(of, { order: { code: 'ASC', ratePpm: 'ASC' } }),
      (tax) => tax.creditNoteId,
    );
    for (const note of notes) {
      note.lines = lines.get(note.id) ?? [];
      note.taxes = taxes.get(note.id) ?? [];
    }
    return notes;
  }
}
