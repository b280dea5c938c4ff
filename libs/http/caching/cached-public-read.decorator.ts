import { applyDecorators, UseInterceptors } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { CachedReadInterceptor } from './cached-read.interceptor.js';
import { type CachedReadOptions, noteCachedRead } from './cached-read.options.js';

/**
 * Answers of the route are the same for everybody who asks one tenant the same thing: they are kept in Redis as ready
 * bytes, packed, with their ETag, and may be kept by caches on the way. For `@Public()` GET routes only. The handler must
 * not look at who asks.
 */
export function CachedPublicRead(options: CachedReadOptions): MethodDecorator {
  return applyDecorators(
    noteCachedRead(options),
    UseInterceptors(CachedReadInterceptor),
    ApiResponse({ status: 304, description: 'What `If-None-Match` names is still current' }),
  );
}
