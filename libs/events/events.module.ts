import { type DynamicModule, Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { QUEUE_NAMES, QueuesModule, type QueuesOptions } from '#libs/queues';
import { DeadLetters } from './dead-letters.js';
import { DeliveryBacklog } from './dispatch/delivery-backlog.js';
import { DispatcherDatabase } from './dispatch/dispatcher-database.js';
import { Relay } from './dispatch/relay.js';
import { Sweeper } from './dispatch/sweeper.js';
import { DISPATCH_DEFAULTS, DISPATCH_OPTIONS, type DispatchOptions } from './dispatch.options.js';
import { Outbox } from './outbox/outbox.js';
import type { Subscription } from './outbox/subscription.js';
import { SubscriptionRegistry } from './outbox/subscription-registry.js';
import { Claims } from './processing/claims.js';
import { ConsumerRegistry } from './processing/consumer-registry.js';
import { DeliveryRows } from './processing/delivery-rows.js';
import { DeliveryRunner } from './processing/delivery-runner.js';
import { ExternalConsumption } from './processing/external-consumption.js';
import { FailedAttempts } from './processing/failed-attempts.js';
import { queueProcessor } from './processing/queue-processors.js';
import { TransactionalConsumption } from './processing/transactional-consumption.js';

/** Events: written by every process, handed over and consumed by the worker. */
@Global()
@Module({})
export class EventsModule {
  /** For every process: the outbox and what operators need. Needs no Redis. */
  static forRoot(): DynamicModule {
    const providers = [SubscriptionRegistry, Outbox, DeadLetters, DispatcherDatabase, DeliveryBacklog];
    return { module: EventsModule, providers, exports: providers };
  }

  /** Makes subscriptions known. Belongs in the capability's own module, which all processes import. */
  static subscribe(subscriptions: readonly Subscription[]): DynamicModule {
    return {
      module: Subscriptions,
      providers: [
        {
          provide: Symbol('subscriptions'),
          inject: [SubscriptionRegistry],
          useFactory: (registry: SubscriptionRegistry) => registry.register(subscriptions),
        },
      ],
    };
  }

  /** For the worker in addition to {@link forRoot}: relay, sweeper and the processors of the given queues (all). */
  static forWorker(queues: QueuesOptions, options: Partial<DispatchOptions> = {}): DynamicModule {
    const dispatch: DispatchOptions = { queues: QUEUE_NAMES, ...DISPATCH_DEFAULTS, ...options };
    return {
      module: DeliveryWorker,
      imports: [DiscoveryModule, QueuesModule.forProcessors(queues)],
      providers: [
        { provide: DISPATCH_OPTIONS, useValue: dispatch },
        ...[ConsumerRegistry, DeliveryRows, Claims, TransactionalConsumption, ExternalConsumption, FailedAttempts],
        ...[DeliveryRunner, Relay, Sweeper],
        ...dispatch.queues.map(queueProcessor),
      ],
    };
  }
}

@Module({})
class Subscriptions {}

@Module({})
class DeliveryWorker {}
