import type { ModuleMetadata } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { ContextModule } from '#libs/context';
import { DatabaseModule } from '#libs/database';
import { EventsModule } from '#libs/events';
import { NumberingModule } from '#libs/numbering';
import { TenancyModule } from '#libs/tenancy';
import type { TestDatabase } from './test-database.js';

/**
 * A Nest module on a test database, initialised, with what every process has: context, databases, tenancy, outbox and
 * numbering. The spec adds what it tests. Close it before dropping the database.
 */
export async function testingModule(database: TestDatabase, metadata: ModuleMetadata): Promise<TestingModule> {
  const module = await Test.createTestingModule({
    ...metadata,
    imports: [
      ContextModule,
      DatabaseModule.forRoot(database.options),
      TenancyModule,
      EventsModule.forRoot(),
      NumberingModule,
      ...(metadata.imports ?? []),
    ],
  }).compile();
  return module.init();
}
