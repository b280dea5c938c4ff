import { DomainEvent } from './domain-event.js';
import { subscription } from './subscription.js';
import { SubscriptionRegistry } from './subscription-registry.js';

describe('a subscription', () => {
  const posting = subscription({ consumer: 'accounting.posting', queue: 'financial', events: ['a.b', 'a.c'] });

  it('is not external unless it says so', () => expect(posting.external).toBe(false));

  it.each([
    [{ consumer: 'posting', queue: 'low' as const, events: ['a.b'] }, 'must be dotted'],
    [{ consumer: 'accounting.posting', queue: 'billing' as 'low', events: ['a.b'] }, 'names no queue'],
    [{ consumer: 'accounting.posting', queue: 'low' as const, events: [] }, 'subscribes to nothing'],
  ])('is refused when malformed (%#)', (declaration, reason) => {
    expect(() => subscription(declaration)).toThrow(reason);
  });

  it('is found by each of its events and by its consumer', () => {
    const registry = new SubscriptionRegistry();
    registry.register([posting]);
    expect(registry.subscribersOf('a.c')).toEqual([posting]);
    expect(registry.subscribersOf('a.d')).toEqual([]);
    expect(registry.find('accounting.posting')).toBe(posting);
  });

  it('may be registered again, but not another one of its name', () => {
    const registry = new SubscriptionRegistry();
    registry.register([posting, posting]);
    registry.register([posting]);
    expect(registry.subscribersOf('a.b')).toEqual([posting]);
    expect(() => registry.register([{ ...posting }])).toThrow("two subscriptions are called 'accounting.posting'");
  });
});

describe('an event', () => {
  class Untyped extends DomainEvent {
    readonly aggregateType = 'a';
  }

  it('must have a dotted type', () => {
    const event = new Untyped('0197a1f7-0000-7000-8000-000000000000', {}, new Date());
    expect(() => event.type).toThrow('Untyped must declare a dotted static type');
  });
});
