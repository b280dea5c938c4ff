import { Injectable } from '@nestjs/common';
import { DiscoveryService, Reflector } from '@nestjs/core';
import type { Subscription } from '../outbox/subscription.js';
import { SubscriptionRegistry } from '../outbox/subscription-registry.js';
import { CONSUMER_OF, type EventConsumer } from './consumer.js';

/** A subscription together with what handles it. */
export interface RegisteredConsumer {
  readonly subscription: Subscription;
  readonly handler: EventConsumer;
}

/** The consumers of this process: all providers marked `@Consumer`. */
@Injectable()
export class ConsumerRegistry {
  private collected?: Map<string, RegisteredConsumer>;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
    private readonly subscriptions: SubscriptionRegistry,
  ) {}

  /** The consumer of that name, or undefined. */
  find(consumer: string): RegisteredConsumer | undefined {
    return this.consumers().get(consumer);
  }

  /** Throws when a subscription has no consumer, or two: a worker must not start then. */
  requireAll(): void {
    const missing = this.subscriptions.all().filter(({ consumer }) => !this.consumers().has(consumer));
    if (missing.length === 0) return;
    const names = missing.map(({ consumer }) => consumer).join(', ');
    throw new Error(`subscriptions without a class marked @Consumer: ${names}. Import their jobs modules.`);
  }

  // Not before the first use: by then Nest has made all providers.
  private consumers(): Map<string, RegisteredConsumer> {
    this.collected ??= this.collect();
    return this.collected;
  }

  private collect(): Map<string, RegisteredConsumer> {
    const found = new Map<string, RegisteredConsumer>();
    for (const { metatype, instance } of this.discovery.getProviders()) {
      if (typeof metatype !== 'function' || !instance) continue;
      const subscription = this.reflector.get<Subscription | undefined>(CONSUMER_OF, metatype);
      if (!subscription) continue;
      const handler = instance as EventConsumer;
      const other = found.get(subscription.consumer)?.handler;
      if (other && other !== handler) throw new Error(`two classes handle '${subscription.consumer}'`);
      found.set(subscription.consumer, { subscription, handler });
    }
    return found;
  }
}
