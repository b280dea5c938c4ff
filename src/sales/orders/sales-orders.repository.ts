import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { sqlState, TenantRepository, UnitOfWork, violatedConstraint } from '#libs/database';
import type { NumberTakenLate } from '#libs/numbering';
import type { SalesOrderLine } from './sales-order-line.entity.js';
import { SalesOrderLinesRepository } from './sales-order-lines.repository.js';
import { SalesOrder } from './sales-order.entity.js';
import { SalesOrderExternalRefTaken, SalesOrderNotFound } from './sales-order.errors.js';

const LOCK = 'select id from sales_order where tenant_id = $1 and id = any($2) order by id for update';

/** Whole orders: header and lines. */
@Injectable()
export class SalesOrdersRepository extends TenantRepository<SalesOrder> {
  constructor(
    unitOfWork: UnitOfWork,
    private readonly lines: SalesOrderLinesRepository,
  ) {
    super(unitOfWork, SalesOrder, SalesOrderNotFound);
  }

  /** An order with its lines. @throws SalesOrderNotFound */
  async getWhole(id: string): Promise<SalesOrder> {
    const [order] = await this.findWhole([id]);
    if (!order) throw new SalesOrderNotFound(id);
    return order;
  }

  /**
   * An order with its lines, held against other writers. Read once per unit of work: until that ends, only its own verbs
   * can change it. @throws SalesOrderNotFound
   */
  async getWholeForUpdate(id: string): Promise<SalesOrder> {
    const held = this.heldWhole(id);
    if (held) return held;
    // Three statements in one round trip; the reads run after the lock is held, on a snapshot of their own.
    const [, order] = await Promise.all([this.lock([id]), this.getWhole(id)]);
    this.holdWhole(order);
    return order;
  }

  /** The order, if this unit of work has locked or inserted it. */
  heldWhole(id: string): SalesOrder | undefined {
    return this.unitOfWork.held<SalesOrder>(holdKey(id));
  }

  /** Says that this unit of work holds the order and has all of it. */
  holdWhole(order: SalesOrder): void {
    this.unitOfWork.hold(holdKey(order.id), order);
  }

  /** Forgets orders that SQL has changed past their objects. */
  letGoWhole(ids: readonly string[]): void {
    for (const id of ids) this.unitOfWork.letGo(holdKey(id));
  }

  /** Orders with their lines, in no particular order; unknown ids are left out. */
  async findWhole(ids: readonly string[]): Promise<SalesOrder[]> {
    const [orders, lines] = await Promise.all([this.findByIds(ids), this.lines.ofOrders(ids)]);
    const byOrder = Map.groupBy(lines, (line) => line.orderId);
    for (const order of orders) order.lines = byOrder.get(order.id) ?? [];
    return orders;
  }

  /** Holds orders against other writers until the unit of work ends, in the order of their ids. */
  async lock(ids: readonly string[]): Promise<void> {
    await this.unitOfWork.query(LOCK, [currentTenant().id, ids]);
  }

  /** Holds an order against other writers and gives the version it has then. @throws SalesOrderNotFound */
  async lockedVersion(id: string): Promise<number> {
    const [row] = await this.unitOfWork.query<{ version: number }>(
      'select version from sales_order where tenant_id = $1 and id = $2 for update',
      [currentTenant().id, id],
    );
    if (!row) throw new SalesOrderNotFound(id);
    return row.version;
  }

  /**
   * Writes a new order and its lines, with what they say when the next statement leaves. What is refused leaves the unit of work,
   * a reference that is taken as SalesOrderExternalRefTaken.
   */
  insertWhole(order: SalesOrder): void {
    this.insertLater([order], (inserted) => namingTheReference(order, inserted));
    this.lines.insertLater(order.lines);
    this.holdWhole(order);
  }

  /** The same for an order whose number its own INSERT takes, at once and while the work goes on. */
  insertNumbered(order: SalesOrder, number: NumberTakenLate): void {
    const inserted = this.insertComputed(order, number.columns('number')).then((made) => made['number'] ?? '');
    number.taken(inserted);
    // Apart: lines that fail only because their order did must not speak for it.
    this.unitOfWork.inBackground(namingTheReference(order, inserted));
    this.unitOfWork.inBackground(this.lines.insert(order.lines));
    this.holdWhole(order);
  }

  /**
   * Writes the header and the lines that were changed, while the work goes on. The order is locked, so nobody can have
   * been faster. One that was placed here is written once for all that is changed of it here.
   */
  updateWhole(order: SalesOrder, changed: readonly SalesOrderLine[]): void {
    if (this.unitOfWork.isBornHere(order.id)) this.updateLater([order]);
    else this.unitOfWork.beforeCommit(this.update(order));
    this.lines.updateLater(changed);
  }

  /** Writes the header of a whole order alone. @throws ConcurrentModification, SalesOrderExternalRefTaken */
  async updateHead(order: SalesOrder): Promise<void> {
    await namingTheReference(order, this.update(order));
    // Its row is locked from here on, and no other object has this version.
    this.holdWhole(order);
  }

  /** Writes the header of a draft and replaces its lines. @throws ConcurrentModification, SalesOrderExternalRefTaken */
  async replaceLines(order: SalesOrder): Promise<void> {
    // The header first: its version decides a race, and its row lock keeps the loser away from the lines.
    await this.updateHead(order);
    await Promise.all([this.lines.removeOfOrder(order.id), this.lines.insert(order.lines)]);
  }
}

function holdKey(id: string): string {
  return `sales_order ${id}`;
}

async function namingTheReference<T>(order: SalesOrder, write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (sqlState(error) === '23505' && violatedConstraint(error) === 'sales_order_external_ref_key') {
      throw new SalesOrderExternalRefTaken(order.externalRef ?? '');
    }
    throw error;
  }
}
