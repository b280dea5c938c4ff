import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule } from '#libs/auth';
import { CacheModule } from '#libs/cache';
import type { AppConfig } from '#libs/config';
import { ContextModule } from '#libs/context';
import { type CapabilitySchema, DatabaseModule } from '#libs/database';
import { EventsModule } from '#libs/events';
import { LocksModule } from '#libs/locks';
import { MailModule } from '#libs/mail';
import { QueuesModule } from '#libs/queues';
import { RedisModule } from '#libs/redis';
import { StorageModule } from '#libs/storage';
import { TenancyModule } from '#libs/tenancy';
import { databaseOptions } from './database-logins.js';

/** What every process of Quoin stands on: databases, tenancy, outbox, Redis, storage, mail. One composition for all. */
@Module({})
export class PlatformModule {
  static forRoot(config: AppConfig, schemas: readonly CapabilitySchema[]): DynamicModule {
    return {
      module: PlatformModule,
      imports: [
        AuthModule,
        CacheModule.forRoot({
          url: config.redis.cache,
          prefix: config.cache.prefix,
          source: { concurrencyMax: config.cache.sourceConcurrency, queueMax: config.cache.sourceQueue },
        }),
        ContextModule,
        DatabaseModule.forRoot(databaseOptions(config, schemas)),
        EventsModule.forRoot(),
        LocksModule,
        MailModule.forRoot(config.mail),
        QueuesModule.forRoot({ url: config.redis.queues }),
        RedisModule,
        StorageModule.forRoot(config.s3),
        TenancyModule.forRoot(config.placement),
      ],
    };
  }
}
