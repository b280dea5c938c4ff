import { Global, Module } from '@nestjs/common';
import { RedisClients } from './redis-clients.js';

/** {@link RedisClients} for everybody. Global modules are shut down last. */
@Global()
@Module({ providers: [RedisClients], exports: [RedisClients] })
export class RedisModule {}
