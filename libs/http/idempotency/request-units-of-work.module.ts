import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { IdempotencyModule } from '#libs/idempotency';
import { RequestFingerprints } from './request-fingerprints.js';
import { RequestUnitOfWork } from './request-unit-of-work.js';

/** One unit of work round each request of the API that changes something, and answers kept for those that carry a key. */
@Module({
  imports: [IdempotencyModule],
  providers: [RequestFingerprints, { provide: APP_INTERCEPTOR, useClass: RequestUnitOfWork }],
})
export class RequestUnitsOfWork {}
