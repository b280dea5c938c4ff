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
import { PlatformModule } from '#libs/platform';
import { isQueueName } from '#libs/queues';
import { schemas } from '../../ormconfig.js';

/** The worker process: the relay, the sweeper and every capability's consumers. */
@Module({})
export class WorkerModule {
  static forRoot(config: AppConfig): DynamicModule {
    const queues = config.worker.queues.filter(isQueueName);
    return {
      module: WorkerModule,
      imports: [
        PlatformModule.forRoot(config, schemas),
        HealthModule.forRoot(),
        EventsModule.forWorker({ url: config.redis.queues }, queues.length > 0 ? { queues } : {}),
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
