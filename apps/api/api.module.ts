import { type DynamicModule, Module } from '@nestjs/common';
import { AccountingHttpModule } from '#erp/accounting/http';
import { CatalogHttpModule } from '#erp/catalog/http';
import { CustomersHttpModule } from '#erp/customers/http';
import { OperatorsModule, SessionsModule, VerifyApiKey, VerifyOperator, VerifySession } from '#erp/identity';
import { IdentityHttpModule } from '#erp/identity/http';
import { InventoryHttpModule } from '#erp/inventory/http';
import { InvoicingHttpModule } from '#erp/invoicing/http';
import { NotificationsModule } from '#erp/notifications';
import { PaymentsHttpModule } from '#erp/payments/http';
import { SalesHttpModule } from '#erp/sales/http';
import { TenantsHttpModule } from '#erp/tenants/http';
import type { AppConfig } from '#libs/config';
import { HealthModule } from '#libs/health';
import { RequestGuards, RequestUnitsOfWork } from '#libs/http';
import { PlatformModule } from '#libs/platform';
import { TenantDirectory } from '#libs/tenancy';
import { schemas } from '../../ormconfig.js';

/** The API process: every capability's endpoints behind the guards. */
@Module({})
export class ApiModule {
  static forRoot(config: AppConfig): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        PlatformModule.forRoot(config, schemas),
        HealthModule.forRoot(),
        RequestGuards.forRoot({
          tenants: TenantDirectory,
          sessions: VerifySession,
          operators: VerifyOperator,
          apiKeys: VerifyApiKey,
          imports: [SessionsModule, OperatorsModule],
        }),
        RequestUnitsOfWork,
        AccountingHttpModule,
        CatalogHttpModule,
        CustomersHttpModule,
        IdentityHttpModule,
        InventoryHttpModule,
        InvoicingHttpModule,
        // Writes deliveries for its subscriptions; the worker handles them.
        NotificationsModule,
        PaymentsHttpModule,
        SalesHttpModule,
        TenantsHttpModule,
      ],
    };
  }
}
