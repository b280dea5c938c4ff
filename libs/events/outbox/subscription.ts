import { isQueueName, type QueueName } from '#libs/queues';

/** What {@link subscription} takes. */
export interface SubscriptionDeclaration {
  /** Dotted name of the consumer, e.g. `inventory.stock-reservation`. Stable: it is stored with each delivery. */
  readonly consumer: string;
  /** Decides attempts, timeout and back-off. */
  readonly queue: QueueName;
  /** The types of events it wants to hear of. */
  readonly events: readonly string[];
  /** True when the consumer calls the outside world, and so cannot run inside one unit of work. Default false. */
  readonly external?: boolean;
}

/** That a consumer wants to hear of some events. Declared where every process sees it; handled in the worker alone. */
export interface Subscription extends Required<SubscriptionDeclaration> {
  readonly kind: 'subscription';
}

const CONSUMER = /^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$/;

/** Declares a subscription. @throws TypeError for a malformed name, an unknown queue or no events */
export function subscription(declaration: SubscriptionDeclaration): Subscription {
  const { consumer, queue, events, external = false } = declaration;
  if (!CONSUMER.test(consumer)) throw new TypeError(`consumer '${consumer}' must be dotted, e.g. 'invoicing.pdf'`);
  if (!isQueueName(queue))
    throw new TypeError(`consumer '${consumer}' names no queue of the table: '${String(queue)}'`);
  if (events.length === 0) throw new TypeError(`consumer '${consumer}' subscribes to nothing`);
  return { kind: 'subscription', consumer, queue, events: [...events], external };
}
