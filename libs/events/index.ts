/** Events between capabilities: written with the change they tell of, delivered to each consumer exactly once. */
export { DeadLetterNotFound, DeadLetters, type DeadLetter } from './dead-letters.js';
export { DeliveryBacklog, type Backlog } from './dispatch/delivery-backlog.js';
export { DispatcherDatabase } from './dispatch/dispatcher-database.js';
export { PollingLoop } from './dispatch/polling-loop.js';
export { DISPATCH_DEFAULTS, type DispatchOptions } from './dispatch.options.js';
export { EventsModule } from './events.module.js';
export { DomainEvent } from './outbox/domain-event.js';
export { Outbox } from './outbox/outbox.js';
export type { Settled } from './outbox/settle-inline.js';
export { subscription, type Subscription, type SubscriptionDeclaration } from './outbox/subscription.js';
export { Consumer, type DeliveredEvent, type Delivery, type EventConsumer } from './processing/consumer.js';
export { DeliveryLost } from './processing/delivery.errors.js';
export { isInfrastructureFailure } from './processing/infrastructure-failure.js';
export { eventsSchema } from './schema.js';
