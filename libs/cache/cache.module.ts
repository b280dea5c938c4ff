import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { EventsModule } from '#libs/events';
import { CACHE_CONNECTION, CacheConnection } from './cache-connection.js';
import { CACHE_OPTIONS, type CacheOptions } from './cache.options.js';
import { Cache } from './cache.js';
import { CacheInvalidation } from './invalidation/cache-invalidation.js';
import { cacheInvalidation, CacheInvalidationConsumer } from './invalidation/cache-invalidation.consumer.js';

async function connected(options: CacheOptions): Promise<CacheConnection | undefined> {
  if (options.url === undefined) return undefined;
  const connection = new CacheConnection(options.url, options);
  await connection.open();
  return connection;
}

/** {@link Cache} and {@link CacheInvalidation} for everybody. Global modules are shut down last. */
@Global()
@Module({})
export class CacheModule implements OnApplicationShutdown {
  constructor(@Inject(CACHE_CONNECTION) private readonly connection: CacheConnection | undefined) {}

  static forRoot(options: CacheOptions): DynamicModule {
    const doors = [Cache, CacheInvalidation];
    return {
      module: CacheModule,
      // Without a cache there is nothing to be told of.
      imports: options.url === undefined ? [] : [EventsModule.subscribe([cacheInvalidation])],
      providers: [
        { provide: CACHE_OPTIONS, useValue: options },
        { provide: CACHE_CONNECTION, inject: [CACHE_OPTIONS], useFactory: connected },
        CacheInvalidationConsumer,
        ...doors,
      ],
      exports: doors,
    };
  }

  onApplicationShutdown(): void {
    this.connection?.close();
  }
}
