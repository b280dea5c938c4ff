import { DomainError } from '#libs/kernel';

/** No order of this tenant has the id. */
export class SalesOrderNotFound extends DomainError {
  static readonly code = 'sales.order.not_found';
  static readonly kind = 'not_found';
  constructor(id: string) {
    super(`There is no sales order ${id}.`, { id });
  }
}

/** A line id that does not belong to the order. */
export class SalesOrderLineNotFound extends DomainError {
  static readonly code = 'sales.order.line_not_found';
  static readonly kind = 'unprocessable';
  constructor(lineId: string) {
    super(`The sales order has no line ${lineId}. Take line ids from the order.`, { lineId });
  }
}

/** Only a draft can be confirmed, once. */
export class SalesOrderNotConfirmable extends DomainError {
  static readonly code = 'sales.order.not_confirmable';
  static readonly kind = 'conflict';
  constructor(id: string, status: string) {
    super(`Sales order ${id} is ${status}; only a draft can be confirmed.`, { id, status });
  }
}

/** Only a draft can be edited: what was confirmed was promised. */
export class SalesOrderNotEditable extends DomainError {
  static readonly code = 'sales.order.not_editable';
  static readonly kind = 'conflict';
  constructor(id: string, status: string) {
    super(`Sales order ${id} is ${status}; only a draft can be changed. Cancel it and place a new one.`, {
      id,
      status,
    });
  }
}

/** Nothing of the order is left to cancel, or a part of a draft was to be cancelled. */
export class SalesOrderNotCancellable extends DomainError {
  static readonly code = 'sales.order.not_cancellable';
  static readonly kind = 'conflict';
  constructor(id: string, status: string, reason: 'nothing_open' | 'draft_in_part') {
    const sentence =
      reason === 'nothing_open'
        ? `Nothing of sales order ${id} is left to cancel: it is ${status}.`
        : `Sales order ${id} is a draft: change its lines instead of cancelling some of them.`;
    super(sentence, { id, status, reason });
  }
}

/** The order is not confirmed, or nothing of it can be shipped now. */
export class SalesOrderNotShippable extends DomainError {
  static readonly code = 'sales.order.not_shippable';
  static readonly kind = 'conflict';
  constructor(id: string, status: string) {
    super(`Nothing of sales order ${id} can be shipped now: it is ${status}. Only reserved goods are shipped.`, {
      id,
      status,
    });
  }
}

/** What a quantity was asked for. */
export type QuantityPurpose = 'cancel' | 'ship' | 'invoice' | 'credit' | 'return';

/** More was asked for than the line has left for it, perhaps because somebody else was faster. */
export class SalesOrderQuantityExceeded extends DomainError {
  static readonly code = 'sales.order.quantity_exceeded';
  static readonly kind = 'conflict';
  constructor(purpose: QuantityPurpose, lineId: string, requested: number, available: number) {
    super(`Line ${lineId}: ${requested} to ${purpose}, but only ${available} can be. Read the order again.`, {
      purpose,
      lineId,
      requested,
      available,
    });
  }
}

/** The same line was named twice in one request. */
export class SalesOrderLineRepeated extends DomainError {
  static readonly code = 'sales.order.line_repeated';
  static readonly kind = 'unprocessable';
  constructor(lineId: string) {
    super(`Line ${lineId} is named twice. Add the quantities up and name it once.`, { lineId });
  }
}

/** An order has between one line and a maximum. */
export class SalesOrderLineCount extends DomainError {
  static readonly code = 'sales.order.line_count';
  static readonly kind = 'unprocessable';
  constructor(count: number, max: number) {
    super(`An order has 1 to ${max} lines, not ${count}. Split it into several orders.`, { count, max });
  }
}

/** Discounts outweigh what is sold, or what a cancellation would leave. */
export class SalesOrderTotalNegative extends DomainError {
  static readonly code = 'sales.order.total_negative';
  static readonly kind = 'unprocessable';
  constructor() {
    super('The total of an order cannot be below zero: discounts outweigh the rest. Take them off with it.');
  }
}

/** Another order came from the same source document. */
export class SalesOrderExternalRefTaken extends DomainError {
  static readonly code = 'sales.order.external_ref_taken';
  static readonly kind = 'conflict';
  constructor(externalRef: string) {
    super(`Another sales order already has the external reference ${externalRef}.`, { externalRef });
  }
}
