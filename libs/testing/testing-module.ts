import type { ModuleMetadata } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { CacheModule, type CacheOptions } from '#libs/cache';
import { ContextModule } from '#libs/context';
import { DatabaseModule } from '#libs/database';
import { EventsModule } from '#libs/events';
import { NumberingModule } from '#libs/numbering';
import { TenancyModule } from '#libs/tenancy';
import type { TestDatabase } from './test-database.js';

/**
 * A Nest module on a test database, initialised, with what every process has: context, databases, tenancy, outbox and
 * numbering. The spec adds what it tests. Close it before dropping the database.
 * @param cache without a URL, nothing is cached
 */
export async function testingModule(
  database: TestDatabase,
  metadata: ModuleMetadata,
  cache: CacheOptions = {},
): Promise<TestingModule> {
  const module = await Test.createTestingModule({
    ...metadata,
    imports: [
      ContextModule,
      DatabaseModule.forRoot(database.options),
      TenancyModule,
      EventsModule.forRoot(),
      CacheModule.forRoot(cache),
      NumberingModule,
      ...(metadata.imports ?? []),
    ],
  }).compile();
  return module.init();
}
