import type { TestingModule } from '@nestjs/testing';
import { AccountingModule } from '#erp/accounting';
import { CatalogModule } from '#erp/catalog';
import { CustomersModule } from '#erp/customers';
import { IdentityModule } from '#erp/identity';
import { InventoryModule } from '#erp/inventory';
import { NotificationsModule } from '#erp/notifications';
import { SalesModule } from '#erp/sales';
import { SignUpModule } from '#erp/tenants';
import { ConfigModule } from '#libs/config';
import { testConfig } from '#libs/config/testing';
import type { DatabaseOptions } from '#libs/database';
import { MailModule } from '#libs/mail';
import { type TestDatabase, testingModule, testStack } from '#libs/testing';

/** What the command line is in this respect: a process that has the owner's login and makes and moves tenants. */
export function placingProcess(database: TestDatabase, options: DatabaseOptions): Promise<TestingModule> {
  const { username, password } = database.owner;
  const config = testConfig(testStack().env);
  const imports = [
    ConfigModule.forRoot(config),
    MailModule.forRoot(config.mail),
    SignUpModule,
    AccountingModule,
    CatalogModule,
    CustomersModule,
    IdentityModule,
    InventoryModule,
    // Subscribes to what a sign-up asks for: its mail.
    NotificationsModule,
    SalesModule,
  ];
  return testingModule({ ...database, options: { ...options, owner: { username, password } } }, { imports });
}
