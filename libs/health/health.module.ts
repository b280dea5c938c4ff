import { type DynamicModule, Module, type ModuleMetadata, type Type } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { DatabaseCheck } from './checks/database.check.js';
import { QueueCheck } from './checks/queue.check.js';
import { RedisCheck } from './checks/redis.check.js';
import { HealthController } from './health.controller.js';
import { Health } from './health.js';
import { READINESS_CHECKS, type ReadinessCheck } from './readiness-check.js';

/** What a process checks. */
export interface HealthOptions {
  /** Default: database, Redis and queue. */
  readonly checks?: readonly Type<ReadinessCheck>[];
  /** Modules that export what the checks need, unless they are global. */
  readonly imports?: ModuleMetadata['imports'];
}

/** /livez, /readyz and /health, for the API and the worker alike (requirement G1). */
@Module({})
export class HealthModule {
  static forRoot({
    checks = [DatabaseCheck, RedisCheck, QueueCheck],
    imports = [],
  }: HealthOptions = {}): DynamicModule {
    return {
      module: HealthModule,
      // Failures are logged where they are caught; Terminus would say them again with every probe.
      imports: [TerminusModule.forRoot({ logger: false }), ...imports],
      controllers: [HealthController],
      providers: [
        Health,
        ...checks,
        { provide: READINESS_CHECKS, inject: [...checks], useFactory: (...found: ReadinessCheck[]) => found },
      ],
    };
  }
}
