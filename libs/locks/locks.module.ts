import { Global, Module } from '@nestjs/common';
import { RedisModule } from '#libs/redis';
import { DistributedLockService } from './distributed-lock.service.js';
import { Fences } from './fences.js';

/** {@link DistributedLockService} for everybody. */
@Global()
@Module({ imports: [RedisModule], providers: [DistributedLockService, Fences], exports: [DistributedLockService] })
export class LocksModule {}
