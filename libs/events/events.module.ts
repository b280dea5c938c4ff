import { type DynamicModule, Global, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { QUEUE_NAMES, QueuesModule, type QueuesOptions } from '#libs/queues';
import { DeadLetters } from './dead-letters.js';
import { DeliveryBacklog } from './dispatch/delivery-backlog.js';
import { DispatcherDatabase } from './dispatch/dispatcher-database.js';
import { Relay } from './dispatch/relay.js';
import { Sweeper } from './dispatch/sweeper.js';
import { DISPATCH_DEFAULTS, type DispatchOptions } from './dispatch.options.js';
import { Outbox } from './outbox/outbox.js';
import type { Subscription } from './outbox/subscription.js';
import { SubscriptionRegistry } from './outbox/subscription-registry.js';
import { ConsumerRegistry } from './processing/consumer-registry.js';
import { ConsumptionModule } from './processing/consumption.module.js';
import { queueProcessor } from './processing/queue-processors.js';

const ROOT = [SubscriptionRegistry, Outbox, DeadLetters, DispatcherDatabase, DeliveryBacklog];

/** Events: written by every process, handed over and consumed by the worker. */
@Global()
@Module({})
export class EventsModule {
  // One object: asked for twice, Nest would otherwise make two registries, and know half of the subscriptions in each.
  private static readonly root: DynamicModule = { module: EventsModule, providers: ROOT, exports: ROOT };

  /** For every process: the outbox and what operators need. Needs no Redis. */
  static forRoot(): DynamicModule {
    return EventsModule.root;
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
      imports: [ConsumptionModule.forRoot(dispatch), QueuesModule.forProcessors(queues)],
      providers: [Relay, Sweeper, ...dispatch.queues.map(queueProcessor)],
    };
  }
}

@Module({})
class Subscriptions {}

@Module({})
class DeliveryWorker implements OnApplicationBootstrap {
  constructor(private readonly consumers: ConsumerRegistry) {}

  onApplicationBootstrap(): void {
    this.consumers.requireAll();
  }
}
