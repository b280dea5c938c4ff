import { Injectable } from '@nestjs/common';
import type { Subscription } from './subscription.js';

/**
 * Who hears of what, in this process. Every process that appends events must know all subscriptions, because the
 * deliveries are written together with the event: import the same capability modules in api, worker and cli.
 */
@Injectable()
export class SubscriptionRegistry {
  private readonly byConsumer = new Map<string, Subscription>();
  private readonly byEvent = new Map<string, Subscription[]>();

  /** Adds subscriptions; the same one again changes nothing. @throws when two share a consumer's name */
  register(subscriptions: readonly Subscription[]): void {
    for (const one of subscriptions) this.add(one);
  }

  /** The subscriptions to a type of event. */
  subscribersOf(eventType: string): readonly Subscription[] {
    return this.byEvent.get(eventType) ?? [];
  }

  /** The subscription of a consumer, by its stored name. */
  find(consumer: string): Subscription | undefined {
    return this.byConsumer.get(consumer);
  }

  all(): readonly Subscription[] {
    return [...this.byConsumer.values()];
  }

  private add(one: Subscription): void {
    const known = this.byConsumer.get(one.consumer);
    if (known === one) return;
    if (known) throw new Error(`two subscriptions are called '${one.consumer}'`);
    this.byConsumer.set(one.consumer, one);
    for (const type of new Set(one.events)) {
      this.byEvent.set(type, [...(this.byEvent.get(type) ?? []), one]);
    }
  }
}
