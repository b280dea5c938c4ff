import { Injectable } from '@nestjs/common';
import type { FindOptionsWhere } from 'typeorm';
import { UnitOfWork } from '#libs/database';
import type { Page } from '#libs/kernel';
import type { CreditNote } from './credit-note.entity.js';
import { CreditNotesRepository } from './credit-notes.repository.js';

/** Which credit notes; what is left out does not matter. */
export interface CreditNoteFilter {
  readonly invoiceId?: string | undefined;
  readonly customerId?: string | undefined;
  readonly number?: string | undefined;
  readonly externalRef?: string | undefined;
}

/** Reads of credit notes. */
@Injectable()
export class CreditNoteQueries {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly notes: CreditNotesRepository,
  ) {}

  /** With lines and taxes. @throws CreditNoteNotFound */
  async get(id: string): Promise<CreditNote> {
    return this.unitOfWork.read(async () => {
      const note = await this.notes.get(id);
      await this.notes.complete([note]);
      return note;
    });
  }

  /** The latest first, without lines. */
  async page(filter: CreditNoteFilter, limit: number, cursor?: string): Promise<Page<CreditNote>> {
    const given = Object.entries(filter).filter(([, value]) => value !== undefined);
    const where: FindOptionsWhere<CreditNote> = Object.fromEntries(given);
    return this.unitOfWork.read(() => this.notes.page({ limit, cursor, where }));
  }
}
