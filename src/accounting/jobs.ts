import { Module } from '@nestjs/common';
import { AccountingModule } from './accounting.module.js';
import { InvoicePostingConsumer } from './jobs/invoice-posting.consumer.js';
import { PaymentPostingConsumer } from './jobs/payment-posting.consumer.js';
import { StockPostingConsumer } from './jobs/stock-posting.consumer.js';

/** The accounting consumers. */
@Module({
  imports: [AccountingModule],
  providers: [InvoicePostingConsumer, PaymentPostingConsumer, StockPostingConsumer],
})
export class AccountingJobsModule {}
