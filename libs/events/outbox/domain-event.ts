import { type JsonObject, uuidv7 } from '#libs/kernel';

/**
 * Something that happened to one aggregate, in the past tense. A concrete event declares its type once:
 *
 * ```ts
 * export class SalesOrderConfirmed extends DomainEvent {
 *   static readonly type = 'sales.order.confirmed';
 *   readonly aggregateType = 'sales.order';
 *   constructor(order: SalesOrder) {
 *     super(order.id, { orderId: order.id, totalMinor: String(order.totalMinor) }, order.confirmedAt);
 *   }
 * }
 * ```
 */
export abstract class DomainEvent {
  readonly id: string = uuidv7();
  /** Events of one aggregate reach each consumer in the order in which they were committed. */
  abstract readonly aggregateType: string;
  /**
   * The effect that the event tells of, when there may be only one of it: `payment_confirmed:<id>`. The database refuses a
   * second event with the key, and with it whatever else its unit of work has done (requirement B4).
   */
  readonly effectKey?: string;

  /**
   * @param aggregateId UUID of what it happened to
   * @param payload what consumers need to know; money as strings of minor units, dates as strings
   * @param occurredAt when it happened, by the business's clock
   */
  constructor(
    readonly aggregateId: string,
    readonly payload: JsonObject,
    readonly occurredAt: Date,
  ) {}

  /** Dotted name, e.g. `sales.order.confirmed`; the class's `static readonly type`. Stable: it is stored. */
  get type(): string {
    return typeOf(this.constructor);
  }
}

const DOTTED = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$/;

function typeOf(eventClass: { readonly name: string }): string {
  const { type } = eventClass as { readonly name: string; readonly type?: unknown };
  if (typeof type !== 'string' || !DOTTED.test(type)) {
    throw new TypeError(`${eventClass.name} must declare a dotted static type, e.g. 'sales.order.confirmed'`);
  }
  return type;
}
