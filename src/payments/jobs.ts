import { Module } from '@nestjs/common';
import { ProviderCallsConsumer } from './jobs/provider-calls.consumer.js';
import { PaymentsModule } from './payments.module.js';

/** The consumer that calls the payment providers. */
@Module({ imports: [PaymentsModule], providers: [ProviderCallsConsumer] })
export class PaymentsJobsModule {}
