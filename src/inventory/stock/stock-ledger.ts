import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { Outbox } from '#libs/events';
import { Clock } from '#libs/kernel';
import { LockedStock } from './locked-stock.js';
import { StockLevels } from './stock-levels.repository.js';
import { StockMovement } from './stock-movement.entity.js';
import { StockMovements } from './stock-movements.repository.js';
import { type StockDocument, StockMoved } from './stock.events.js';

/** What one line of a document did to a level that was locked and already changed. */
export interface StockMove {
  readonly lineId: string;
  readonly productId: string;
  /** Signed. */
  readonly quantity: number;
  /** Signed, minor units. */
  readonly valueMinor: bigint;
}

/** Writes down what a document did: levels, movements and the event, each in one statement however many lines it has. */
@Injectable()
export class StockLedger {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly levels: StockLevels,
    private readonly movements: StockMovements,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /**
   * Every change of on hand or value passes here, so that a level stays the sum of its movements. Gives the change of
   * value of the whole document. The statements run on while the work goes on.
   */
  post(document: StockDocument, stock: LockedStock, moves: readonly StockMove[]): bigint {
    const valueMinor = moves.reduce((sum, move) => sum + move.valueMinor, 0n);
    const event = new StockMoved(document, currentTenant().currency, valueMinor, this.clock.now());
    this.levels.updateLater(stock.changed);
    this.movements.insertLater(moves.map((move) => movementOf(document, move)));
    this.unitOfWork.inBackground(this.outbox.append(event));
    return valueMinor;
  }

  /** Writes down reservations alone: on hand and value stay as they are. Sent before the commit at the latest. */
  postReservations(stock: LockedStock): void {
    this.levels.updateLater(stock.changed);
  }
}

function movementOf(document: StockDocument, move: StockMove): StockMovement {
  return Object.assign(new StockMovement(), {
    businessDate: document.businessDate,
    kind: document.kind,
    productId: move.productId,
    warehouseId: document.warehouseId,
    quantity: move.quantity,
    valueMinor: move.valueMinor,
    documentType: document.type,
    documentId: document.id,
    lineId: move.lineId,
  });
}
