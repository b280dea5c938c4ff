import { Column } from 'typeorm';
import { minorUnits, VersionedEntity } from '#libs/database';
import { MovementContradicted, MovementMismatch } from './movement.errors.js';

/** `unknown`: the provider was asked and nobody knows what it did. Neither it nor `pending` is an end. */
export type MovementStatus = 'pending' | 'unknown' | 'captured' | 'succeeded' | 'failed';

/** What the provider says has moved. */
export interface MovedMoney {
  readonly providerRef: string;
  readonly amountMinor: bigint;
  readonly currency: string;
}

/**
 * Money that a provider is to move, once. It ends `captured` or `succeeded`, or it ends `failed`; whoever brings the
 * news first, consumer or webhook, settles it, and for everybody else there is nothing left to do.
 */
export abstract class ProviderMovement extends VersionedEntity {
  @Column({ type: 'text', update: false })
  provider!: string;

  @Column({ type: 'bigint', name: 'amount_minor', transformer: minorUnits, update: false })
  amountMinor!: bigint;

  @Column({ type: 'char', length: 3, update: false })
  currency!: string;

  @Column({ type: 'text' })
  status: MovementStatus = 'pending';

  /** The provider's own id of it, as soon as we know it. */
  @Column({ type: 'text', name: 'provider_ref', nullable: true })
  providerRef: string | null = null;

  @Column({ type: 'text', name: 'failure_code', nullable: true })
  failureCode: string | null = null;

  /** How often the provider was asked without an end. */
  @Column({ type: 'integer' })
  asks: number = 0;

  @Column({ type: 'timestamptz', name: 'settled_at', nullable: true })
  settledAt: Date | null = null;

  /** Names it in messages: `payment` or `refund`. */
  protected abstract readonly noun: string;
  /** What it is when the money has moved. */
  protected abstract readonly doneStatus: 'captured' | 'succeeded';

  /** Nothing more will happen to it at the provider. */
  get isSettled(): boolean {
    return this.status === this.doneStatus || this.status === 'failed';
  }

  /** The provider has been asked before; it is to be asked what it did before it is told again. */
  get wasAsked(): boolean {
    return this.asks > 0;
  }

  /**
   * The money has moved.
   * @returns false when that was known
   * @throws MovementMismatch for another amount, MovementContradicted when it had failed or is another movement
   */
  confirm(moved: MovedMoney, at: Date): boolean {
    if (moved.amountMinor !== this.amountMinor || moved.currency !== this.currency) {
      throw new MovementMismatch(this.noun, this.id, this.amountMinor, moved.amountMinor);
    }
    if (this.isSettled) {
      if (this.status === 'failed') throw new MovementContradicted(this.noun, this.id, this.status);
      if (this.providerRef !== moved.providerRef) throw new MovementContradicted(this.noun, this.id, this.status);
      return false;
    }
    this.settle(this.doneStatus, moved.providerRef, at);
    return true;
  }

  /**
   * The money has not moved and will not.
   * @returns false when that was known
   * @throws MovementContradicted when it had moved
   */
  fail(failureCode: string, providerRef: string | null, at: Date): boolean {
    if (this.status === this.doneStatus) throw new MovementContradicted(this.noun, this.id, this.status);
    if (this.status === 'failed') return false;
    this.failureCode = failureCode;
    this.settle('failed', providerRef ?? this.providerRef, at);
    return true;
  }

  /**
   * The provider was asked and there is no end yet.
   * @param providerRef when it is at it; null when nobody knows
   * @returns false when it has ended meanwhile
   */
  keepWaiting(providerRef: string | null): boolean {
    if (this.isSettled) return false;
    this.status = providerRef === null ? 'unknown' : 'pending';
    this.providerRef = providerRef ?? this.providerRef;
    this.asks += 1;
    return true;
  }

  private settle(status: MovementStatus, providerRef: string | null, at: Date): void {
    this.status = status;
    this.providerRef = providerRef;
    this.settledAt = at;
  }
}
