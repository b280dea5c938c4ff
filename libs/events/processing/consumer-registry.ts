import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService, Reflector } from '@nestjs/core';
import type { Subscription } from '../outbox/subscription.js';
import { SubscriptionRegistry } from '../outbox/subscription-registry.js';
import { CONSUMER_OF, type EventConsumer } from './consumer.js';

/** A subscription together with what handles it. */
export interface RegisteredConsumer {
  readonly subscription: Subscription;
  readonly handler: EventConsumer;
}

/** The consumers of this worker: all providers marked `@Consumer`. */
@Injectable()
export class ConsumerRegistry implements OnApplicationBootstrap {
  private readonly consumers = new Map<string, RegisteredConsumer>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
    private readonly subscriptions: SubscriptionRegistry,
  ) {}

  /** Collects the consumers. @throws when a subscription has none or two: the worker must not start. */
  onApplicationBootstrap(): void {
    for (const { metatype, instance } of this.discovery.getProviders()) {
      if (typeof metatype !== 'function' || !instance) continue;
      const subscription = this.reflector.get<Subscription | undefined>(CONSUMER_OF, metatype);
      if (subscription) this.add(subscription, instance as EventConsumer);
    }
    const missing = this.subscriptions.all().filter(({ consumer }) => !this.consumers.has(consumer));
    if (missing.length > 0) {
      const names = missing.map(({ consumer }) => consumer).join(', ');
      throw new Error(`subscriptions without a class marked @Consumer: ${names}. Import their jobs modules.`);
    }
  }

  /** The consumer of that name, or undefined. */
  find(consumer: string): RegisteredConsumer | undefined {
    return this.consumers.get(consumer);
  }

  private add(subscription: Subscription, handler: EventConsumer): void {
    const known = this.consumers.get(subscription.consumer);
    if (known?.handler === handler) return;
    if (known) throw new Error(`two classes handle '${subscription.consumer}'`);
    this.consumers.set(subscription.consumer, { subscription, handler });
  }
}
