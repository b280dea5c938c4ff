import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { SalesOrderQuantityExceeded } from '#erp/sales';
import { Answers, IdParam, Refuses, RequiresPermission } from '#libs/http';
import { InvalidCursor } from '#libs/kernel';
import { StorageUnavailable } from '#libs/storage';
import { CreditNoteNotFound, CreditNoteTotalNegative } from '../credit-notes/credit-note.errors.js';
import { CreditNoteQueries } from '../credit-notes/credit-note.queries.js';
import { IssueCreditNote } from '../credit-notes/issue-credit-note.js';
import {
  InvoiceLineNotFound,
  InvoiceLineOvercredited,
  InvoiceLineRepeated,
  InvoiceNotFound,
  InvoiceOvercredited,
} from '../invoices/invoice.errors.js';
import { DocumentPdfs } from '../pdf/document-pdfs.js';
import { presentCreditNote, presentCreditNoteSummary } from './invoicing.presenters.js';
import {
  creditNoteListQuery,
  creditNotePageSchema,
  creditNoteSchema,
  newCreditNoteSchema,
  pdfLinkSchema,
} from './invoicing.schemas.js';

/** Credit notes: for what was cancelled (issued by Quoin), sent back, or given as goodwill. */
@ApiTags('Invoices and credit notes')
@Controller({ path: 'credit-notes', version: '1' })
export class CreditNotesController {
  constructor(
    private readonly queries: CreditNoteQueries,
    private readonly issueCreditNote: IssueCreditNote,
    private readonly pdfs: DocumentPdfs,
  ) {}

  @Get()
  @RequiresPermission('invoice.read')
  @Answers(200, creditNotePageSchema)
  @Refuses(InvalidCursor)
  async list(@Query({ schema: creditNoteListQuery }) query: z.output<typeof creditNoteListQuery>) {
    const { limit, cursor, ...filter } = query;
    const page = await this.queries.page(filter, limit, cursor);
    return { items: page.items.map(presentCreditNoteSummary), nextCursor: page.nextCursor };
  }

  @Get(':id')
  @RequiresPermission('invoice.read')
  @Answers(200, creditNoteSchema)
  @Refuses(CreditNoteNotFound)
  async get(@IdParam() id: string) {
    return presentCreditNote(await this.queries.get(id));
  }

  @Get(':id/pdf')
  @RequiresPermission('invoice.read')
  @Answers(200, pdfLinkSchema, 'A signed link, good for five minutes')
  @Refuses(CreditNoteNotFound, StorageUnavailable)
  async pdf(@IdParam() id: string) {
    const link = await this.pdfs.linkToCreditNote(id);
    return { url: link.url, expiresAt: link.expiresAt.toISOString() };
  }

  @Post()
  @RequiresPermission('credit_note.write')
  @Answers(201, creditNoteSchema)
  @Refuses(
    InvoiceNotFound,
    InvoiceLineNotFound,
    InvoiceLineRepeated,
    InvoiceLineOvercredited,
    InvoiceOvercredited,
    CreditNoteTotalNegative,
    SalesOrderQuantityExceeded,
  )
  async create(@Body({ schema: newCreditNoteSchema }) body: z.output<typeof newCreditNoteSchema>) {
    return presentCreditNote(await this.issueCreditNote.execute(body));
  }
}
