import { z } from 'zod';
import { Consumer, type DeliveredEvent, type Delivery, type EventConsumer } from '#libs/events';
import { documentPdf } from '../invoicing.subscriptions.js';
import { DocumentPdfs } from '../pdf/document-pdfs.js';

const payload = z.object({ documentId: z.guid() });

/** Makes the PDF of what was issued. */
@Consumer(documentPdf)
export class DocumentPdfConsumer implements EventConsumer {
  constructor(private readonly pdfs: DocumentPdfs) {}

  async handle(event: DeliveredEvent, delivery: Delivery): Promise<void> {
    const { documentId } = payload.parse(event.payload);
    const settle = () => delivery.complete();
    if (event.type === 'invoicing.invoice.issued') await this.pdfs.storeInvoice(documentId, settle);
    else await this.pdfs.storeCreditNote(documentId, settle);
  }
}
