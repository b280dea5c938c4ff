import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import { Clock } from '#libs/kernel';
import { ObjectStorage, tenantKey } from '#libs/storage';
import { CreditNoteQueries } from '../credit-notes/credit-note.queries.js';
import { CreditNotesRepository } from '../credit-notes/credit-notes.repository.js';
import { InvoiceQueries } from '../invoices/invoice.queries.js';
import { InvoicesRepository } from '../invoices/invoices.repository.js';
import type { InvoiceDocument } from '../invoices/pdf/invoice-document.js';
import type { SalesDocument } from '../invoices/sales-document.entity.js';
import { creditNoteContent, invoiceContent } from './pdf-content.js';

/** A way to download a PDF. */
export interface PdfLink {
  readonly url: string;
  readonly expiresAt: Date;
}

/** A link is good for five minutes: whoever has it has the document. */
const LINK_SECONDS = 300;
const PDF = 'application/pdf';

/**
 * PDFs of invoices and credit notes in object storage. The same document always renders to the same bytes, so that
 * rendering again changes nothing.
 */
@Injectable()
export class DocumentPdfs {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly storage: ObjectStorage,
    private readonly invoiceQueries: InvoiceQueries,
    private readonly invoices: InvoicesRepository,
    private readonly noteQueries: CreditNoteQueries,
    private readonly notes: CreditNotesRepository,
  ) {}

  /**
   * Renders and stores an invoice's PDF.
   * @param settle runs in the unit of work that writes down where it is
   * @throws InvoiceNotFound, StorageUnavailable
   */
  async storeInvoice(id: string, settle?: () => Promise<void>): Promise<string> {
    const invoice = await this.invoiceQueries.get(id);
    const key = await this.store(invoice, 'invoices', invoiceContent(invoice));
    await this.unitOfWork.run(async () => {
      await this.invoices.update(this.placed(invoice, key));
      await settle?.();
    });
    return key;
  }

  /** Like {@link storeInvoice}. @throws CreditNoteNotFound, StorageUnavailable */
  async storeCreditNote(id: string, settle?: () => Promise<void>): Promise<string> {
    const note = await this.noteQueries.get(id);
    const original = note.invoiceId ? await this.invoiceQueries.get(note.invoiceId) : null;
    const key = await this.store(note, 'credit-notes', creditNoteContent(note, original));
    await this.unitOfWork.run(async () => {
      await this.notes.update(this.placed(note, key));
      await settle?.();
    });
    return key;
  }

  /** A link to an invoice's PDF, which is rendered now if it is not there. @throws InvoiceNotFound, StorageUnavailable */
  async linkToInvoice(id: string): Promise<PdfLink> {
    const invoice = await this.invoiceQueries.get(id);
    const stored = invoice.pdfKey !== null && (await this.storage.exists(invoice.pdfKey));
    return this.link(invoice, stored ? (invoice.pdfKey ?? '') : await this.storeInvoice(id));
  }

  /** A link to a credit note's PDF. @throws CreditNoteNotFound, StorageUnavailable */
  async linkToCreditNote(id: string): Promise<PdfLink> {
    const note = await this.noteQueries.get(id);
    const stored = note.pdfKey !== null && (await this.storage.exists(note.pdfKey));
    return this.link(note, stored ? (note.pdfKey ?? '') : await this.storeCreditNote(id));
  }

  private async store(document: SalesDocument, folder: string, content: InvoiceDocument): Promise<string> {
    const key = tenantKey(folder, String(document.year), `${document.number}.pdf`);
    // A process that never renders does without the renderer and its fonts: a tenth of a start, and 10 MB.
    const { renderInvoicePdf } = await import('../invoices/pdf/render-invoice-pdf.js');
    await this.storage.put(key, await renderInvoicePdf(content), { contentType: PDF });
    return key;
  }

  private placed<T extends SalesDocument>(document: T, key: string): T {
    return Object.assign(document, { pdfKey: key, pdfRenderedAt: this.clock.now() });
  }

  private async link(document: SalesDocument, key: string): Promise<PdfLink> {
    const filename = `${document.number}.pdf`;
    const url = await this.storage.signedDownloadUrl(key, { expiresInS: LINK_SECONDS, filename, contentType: PDF });
    return { url, expiresAt: new Date(this.clock.now().getTime() + LINK_SECONDS * 1_000) };
  }
}
