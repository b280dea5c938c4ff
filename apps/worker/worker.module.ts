import { type DynamicModule, Module } from '@nestjs/common';
import { AccountingJobsModule } from '#erp/accounting/jobs';
import { IdentityModule } from '#erp/identity';
import { InventoryJobsModule } from '#erp/inventory/jobs';
import { InvoicingJobsModule } from '#erp/invoicing/jobs';
import { NotificationsJobsModule } from '#erp/notifications/jobs';
import { PaymentsJobsModule } from '#erp/payments/jobs';
import { TenantsJobsModule } from '#erp/tenants/jobs';
import type { AppConfig } from '#libs/config';
import { EventsModule } from '#libs/events';
import { HealthModule } from '#libs/health';
import { IdempotencyPruningModule } from '#libs/idempotency';
import { PlatformModule } from '#libs/platform';
import { QUEUE_NAMES, queuesNamed } from '#libs/queues';
import { schemas } from '../../ormconfig.js';

/** What is left of the grace for closing connections once running work has ended or was interrupted. */
const CLOSING_MS = 5_000;

/** The worker process: the relay, the sweeper and every capability's consumers. */
@Module({})
export class WorkerModule {
  static forRoot(config: AppConfig): DynamicModule {
    const queues = config.worker.queues.length > 0 ? queuesNamed(config.worker.queues) : QUEUE_NAMES;
    const drainMs = Math.max(config.shutdown.graceMs - CLOSING_MS, 0);
    return {
      module: WorkerModule,
      imports: [
        PlatformModule.forRoot(config, schemas),
        HealthModule.forRoot(),
        EventsModule.forWorker({ url: config.redis.queues }, { queues, drainMs }),
        IdempotencyPruningModule,
        // Finishes sign-ups, which make the first user and the chart of accounts.
        IdentityModule,
        AccountingJobsModule,
        InventoryJobsModule,
        InvoicingJobsModule,
        NotificationsJobsModule,
        PaymentsJobsModule,
        TenantsJobsModule,
      ],
    };
  }
}
