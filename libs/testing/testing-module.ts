import type { ModuleMetadata } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { ContextModule } from '#libs/context';
import { DatabaseModule } from '#libs/database';
import { TenancyModule } from '#libs/tenancy';
import type { TestDatabase } from './test-database.js';

/** A Nest module on a test database, initialised; the spec adds what it tests. Close it before dropping the database. */
export async function testingModule(database: TestDatabase, metadata: ModuleMetadata): Promise<TestingModule> {
  const module = await Test.createTestingModule({
    ...metadata,
    imports: [ContextModule, DatabaseModule.forRoot(database.options), TenancyModule, ...(metadata.imports ?? [])],
  }).compile();
  return module.init();
}
