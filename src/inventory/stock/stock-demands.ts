import { Injectable } from '@nestjs/common';

/** What one line still wants: ordered − cancelled − shipped − reserved, at least 1. Goods only. */
export interface DemandLine {
  readonly lineId: string;
  readonly productId: string;
  readonly openQuantity: number;
}

/** What one confirmed order still wants of one warehouse. */
export interface StockDemand {
  readonly orderId: string;
  readonly warehouseId: string;
  /** In the order of the document; empty when nothing is open. */
  readonly lines: readonly DemandLine[];
}

/** What was reserved for a line. */
export interface ReservationChange {
  readonly orderId: string;
  readonly lineId: string;
  /** Units more (or, negative, fewer). 0 says that a reservation was tried and nothing was there. */
  readonly quantity: number;
}

/** What the orders believe is reserved for them. */
export interface ReservedTotal {
  readonly productId: string;
  readonly warehouseId: string;
  readonly reserved: number;
}

/**
 * Who wants stock: inventory's question to sales, which answers without inventory knowing orders. Everything runs
 * inside the caller's unit of work. Stock levels are always locked before orders.
 */
export abstract class StockDemands {
  /** What an order wants, read without a lock; null for an unknown order or one that is not confirmed. */
  abstract openDemand(orderId: string): Promise<StockDemand | null>;

  /** Locks the orders in the order of their ids and reads afresh what they still want. Unconfirmed ones are left out. */
  abstract lockOrders(orderIds: readonly string[]): Promise<readonly StockDemand[]>;

  /** Writes down, in one statement, what was reserved; of orders that {@link lockOrders} has locked. */
  abstract recordReserved(changes: readonly ReservationChange[]): Promise<void>;

  /** Orders with open lines of these products in this warehouse, confirmed first comes first; read without locks. */
  abstract waiting(productIds: readonly string[], warehouseId: string, limit: number): Promise<readonly StockDemand[]>;

  /** Σ reserved of all order lines by product and warehouse, without zeros: what `books verify` compares levels with. */
  abstract reservedTotals(): Promise<readonly ReservedTotal[]>;
}

/**
 * Where the capability that knows the orders registers its {@link StockDemands} when its module starts. A process that
 * changes stock must load that capability, or orders would wait for ever.
 */
@Injectable()
export class StockDemandSource {
  private registered?: StockDemands;

  /** @throws when somebody else registered before */
  register(demands: StockDemands): void {
    if (this.registered && this.registered !== demands) throw new Error('two capabilities registered stock demands');
    this.registered = demands;
  }

  /** @throws when nobody registered */
  get current(): StockDemands {
    if (!this.registered) throw new Error('no stock demands are registered: load the sales module in this process');
    return this.registered;
  }
}
