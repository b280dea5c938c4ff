import { Module } from '@nestjs/common';
import { InvoicingModule } from './invoicing.module.js';
import { DocumentPdfConsumer } from './jobs/document-pdf.consumer.js';
import { OrderBillingConsumer } from './jobs/order-billing.consumer.js';

/** The consumers that invoice orders and render PDFs. */
@Module({ imports: [InvoicingModule], providers: [DocumentPdfConsumer, OrderBillingConsumer] })
export class InvoicingJobsModule {}
