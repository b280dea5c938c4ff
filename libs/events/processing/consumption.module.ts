import { type DynamicModule, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { DISPATCH_OPTIONS, type DispatchOptions } from '../dispatch.options.js';
import { Claims } from './claims.js';
import { ConsumerRegistry } from './consumer-registry.js';
import { DeliveryRows } from './delivery-rows.js';
import { DeliveryRunner } from './delivery-runner.js';
import { ExternalConsumption } from './external-consumption.js';
import { FailedAttempts } from './failed-attempts.js';
import { TransactionalConsumption } from './transactional-consumption.js';

/** Running deliveries, wherever their jobs come from. */
@Module({})
export class ConsumptionModule {
  static forRoot(options: DispatchOptions): DynamicModule {
    const consumption = [TransactionalConsumption, ExternalConsumption, FailedAttempts, Claims, DeliveryRows];
    return {
      module: ConsumptionModule,
      imports: [DiscoveryModule],
      providers: [{ provide: DISPATCH_OPTIONS, useValue: options }, ConsumerRegistry, DeliveryRunner, ...consumption],
      exports: [DISPATCH_OPTIONS, ConsumerRegistry, DeliveryRunner],
    };
  }
}
