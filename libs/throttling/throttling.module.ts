import { Module } from '@nestjs/common';
import { ThrottlerModule, type ThrottlerModuleOptions } from '@nestjs/throttler';
import { AppConfig } from '#libs/config';
import { RedisModule } from '#libs/redis';
import { RateLimitSettings } from './limits/rate-limit-settings.js';
import { RateLimits } from './limits/rate-limits.js';
import { RateLimitStorage } from './rate-limit.storage.js';
import { WINDOW_MS } from './rate-limiter.js';

@Module({
  imports: [RedisModule],
  providers: [RateLimitStorage, RateLimits],
  exports: [RateLimitStorage, RateLimits],
})
class RateLimitStorageModule {}

function throttlerOptions({ api }: AppConfig, storage: RateLimitStorage): ThrottlerModuleOptions {
  return { storage, throttlers: [{ ttl: WINDOW_MS, limit: api.rateLimits.route }] };
}

/** {@link RateLimitSettings}, for whoever lets operators set them. */
@Module({ providers: [RateLimitSettings], exports: [RateLimitSettings] })
export class RateLimitSettingsModule {}

/** Rate limits over Redis. Brings what `RateLimitGuard` needs; the guard itself is one of `RequestGuards`. */
@Module({
  imports: [
    RateLimitStorageModule,
    ThrottlerModule.forRootAsync({
      imports: [RateLimitStorageModule],
      inject: [AppConfig, RateLimitStorage],
      useFactory: throttlerOptions,
    }),
  ],
  exports: [ThrottlerModule, RateLimitStorageModule],
})
export class ThrottlingModule {}
