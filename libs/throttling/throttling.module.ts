import { Module } from '@nestjs/common';
import { ThrottlerModule, type ThrottlerModuleOptions } from '@nestjs/throttler';
import { AppConfig } from '#libs/config';
import { RedisModule } from '#libs/redis';
import { limitProfileOf } from './limit.decorators.js';
import { RateLimitStorage } from './rate-limit.storage.js';
import { WINDOW_MS } from './rate-limiter.js';

@Module({ imports: [RedisModule], providers: [RateLimitStorage], exports: [RateLimitStorage] })
class RateLimitStorageModule {}

function throttlerOptions({ api }: AppConfig, storage: RateLimitStorage): ThrottlerModuleOptions {
  return {
    storage,
    throttlers: [
      {
        ttl: WINDOW_MS,
        limit: (context) => (limitProfileOf(context) === 'login' ? api.loginRateLimit : api.rateLimit),
      },
    ],
  };
}

/** Rate limits over Redis. Brings what `RateLimitGuard` needs; the guard itself is one of `RequestGuards`. */
@Module({
  imports: [
    ThrottlerModule.forRootAsync({
      imports: [RateLimitStorageModule],
      inject: [AppConfig, RateLimitStorage],
      useFactory: throttlerOptions,
    }),
  ],
  exports: [ThrottlerModule],
})
export class ThrottlingModule {}
