import { type DynamicModule, type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AccountingModule } from '#erp/accounting';
import { CatalogModule } from '#erp/catalog';
import { CustomersModule } from '#erp/customers';
import { IdentityModule, IdentitySecretsModule, OperatorsModule } from '#erp/identity';
import { ImportsModule } from '#erp/imports';
import { InventoryModule } from '#erp/inventory';
import { InvoicingModule } from '#erp/invoicing';
import { NotificationsModule } from '#erp/notifications';
import { PaymentsModule } from '#erp/payments';
import { ReportingModule } from '#erp/reporting';
import { SalesModule } from '#erp/sales';
import { SignUpModule, TenantsModule } from '#erp/tenants';
import { type AppConfig, ConfigModule, loadProcessConfig } from '#libs/config';
import { runInContext, systemPrincipal, type TenantIdentity } from '#libs/context';
import { uuidv7 } from '#libs/kernel';
import { PlatformModule } from '#libs/platform';
import { configureLogging, NestLogger } from '#libs/telemetry';
import { inTenant, TenantDirectory } from '#libs/tenancy';
import { RateLimitSettingsModule } from '#libs/throttling';
import { schemas } from '../../ormconfig.js';

/** All capabilities, so that the command line knows every subscription to the events it writes. */
@Module({})
class CliModule {
  static forRoot(config: AppConfig): DynamicModule {
    return {
      module: CliModule,
      imports: [
        ConfigModule.forRoot(config),
        PlatformModule.forRoot(config, schemas),
        AccountingModule,
        CatalogModule,
        CustomersModule,
        IdentityModule,
        IdentitySecretsModule,
        ImportsModule,
        InventoryModule,
        InvoicingModule,
        NotificationsModule,
        OperatorsModule,
        PaymentsModule,
        RateLimitSettingsModule,
        ReportingModule,
        SalesModule,
        SignUpModule,
        TenantsModule,
      ],
    };
  }
}

/** Runs `work` connected like api and worker, and closes everything afterwards. */
export async function inApplication<T>(work: (application: INestApplicationContext) => Promise<T>): Promise<T> {
  const config = loadProcessConfig();
  const level = config.logLevel === 'info' ? 'warn' : config.logLevel;
  // Standard output belongs to what a command answers: `books verify --json` is read by programs.
  configureLogging({ level, service: 'cli', destination: process.stderr });
  const application = await NestFactory.createApplicationContext(CliModule.forRoot(config), {
    logger: new NestLogger(),
    abortOnError: false,
  });
  try {
    return await work(application);
  } finally {
    await application.close();
  }
}

/** Like {@link inApplication}, for landlord work: on the record, the command line acts. */
export async function audited<T>(work: (application: INestApplicationContext) => Promise<T>): Promise<T> {
  const context = { principal: systemPrincipal('cli'), correlationId: uuidv7() };
  return inApplication((application) => runInContext(context, () => work(application)));
}

/** Like {@link inApplication}, for one tenant. @throws TenantUnknown */
export async function inApplicationOf<T>(
  slug: string,
  work: (application: INestApplicationContext, tenant: TenantIdentity) => Promise<T>,
): Promise<T> {
  return inApplication(async (application) => {
    const tenant = await application.get(TenantDirectory).bySlug(slug);
    return inTenant(tenant, () => work(application, tenant));
  });
}
