/**
 * Changes a product's price and is killed between the commit and the flush of the cache, for specs. Told by its argument:
 * the database, the cache, the tenant, the product and the price.
 */
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CacheModule, type CacheOptions } from '#libs/cache';
import { ContextModule, type TenantIdentity } from '#libs/context';
import { DatabaseModule, type DatabaseOptions, UnitOfWork } from '#libs/database';
import { EventsModule } from '#libs/events';
import { inTenant, TenancyModule } from '#libs/tenancy';
import { CatalogModule } from '../catalog.module.js';
import { UpdateProduct } from '../products/update-product.js';
import { catalogSchema } from '../schema.js';

/** What the process is told. */
export interface DoomedEdit {
  readonly database: Omit<DatabaseOptions, 'schemas'>;
  readonly cache: CacheOptions;
  readonly tenant: TenantIdentity;
  readonly productId: string;
  readonly priceE4: string;
}

const { database, cache, tenant, productId, priceE4 } = JSON.parse(process.argv[2] ?? '') as DoomedEdit;

@Module({
  imports: [
    ContextModule,
    DatabaseModule.forRoot({ ...database, schemas: [catalogSchema] }),
    TenancyModule,
    EventsModule.forRoot(),
    CacheModule.forRoot(cache),
    CatalogModule,
  ],
})
class DoomedEditor {}

const app = await NestFactory.createApplicationContext(DoomedEditor, { logger: ['error'] });
const unitOfWork = app.get(UnitOfWork);
await inTenant(tenant, () =>
  unitOfWork.run(async () => {
    // What follows a commit is done in this order: the process is dead before the cache would be flushed.
    unitOfWork.afterCommit(() => void process.kill(process.pid, 'SIGKILL'));
    await app.get(UpdateProduct).execute(productId, { priceE4: BigInt(priceE4) });
  }),
);
