import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Answers, IdParam, Refuses, RequiresPermission } from '#libs/http';
import { InvalidCursor } from '#libs/kernel';
import { StorageUnavailable } from '#libs/storage';
import { InvoiceNotFound } from '../invoices/invoice.errors.js';
import { InvoiceQueries } from '../invoices/invoice.queries.js';
import { DocumentPdfs } from '../pdf/document-pdfs.js';
import { presentInvoice, presentInvoiceSummary } from './invoicing.presenters.js';
import { invoiceListQuery, invoicePageSchema, invoiceSchema, pdfLinkSchema } from './invoicing.schemas.js';

/** Invoices. They are issued when an order is confirmed; nobody writes them by hand. */
@ApiTags('Invoices and credit notes')
@Controller({ path: 'invoices', version: '1' })
export class InvoicesController {
  constructor(
    private readonly queries: InvoiceQueries,
    private readonly pdfs: DocumentPdfs,
  ) {}

  @Get()
  @RequiresPermission('invoice.read')
  @Answers(200, invoicePageSchema)
  @Refuses(InvalidCursor)
  async list(@Query({ schema: invoiceListQuery }) query: z.output<typeof invoiceListQuery>) {
    const { limit, cursor, ...filter } = query;
    const page = await this.queries.page(filter, limit, cursor);
    return { items: page.items.map(presentInvoiceSummary), nextCursor: page.nextCursor };
  }

  @Get(':id')
  @RequiresPermission('invoice.read')
  @Answers(200, invoiceSchema)
  @Refuses(InvoiceNotFound)
  async get(@IdParam() id: string) {
    return presentInvoice(await this.queries.get(id));
  }

  @Get(':id/pdf')
  @RequiresPermission('invoice.read')
  @Answers(200, pdfLinkSchema, 'A signed link, good for five minutes')
  @Refuses(InvoiceNotFound, StorageUnavailable)
  async pdf(@IdParam() id: string) {
    const link = await this.pdfs.linkToInvoice(id);
    return { url: link.url, expiresAt: link.expiresAt.toISOString() };
  }
}
