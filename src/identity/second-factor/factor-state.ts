/** What may be seen of a second factor that works. */
export interface FactorState {
  readonly confirmedAt: Date;
  readonly recoveryCodesLeft: number;
}
