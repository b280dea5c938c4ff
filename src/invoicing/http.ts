import { Module } from '@nestjs/common';
import { CreditNotesController } from './http/credit-notes.controller.js';
import { InvoicesController } from './http/invoices.controller.js';
import { InvoicingModule } from './invoicing.module.js';

/** The endpoints of invoices and credit notes. */
@Module({ imports: [InvoicingModule], controllers: [CreditNotesController, InvoicesController] })
export class InvoicingHttpModule {}
