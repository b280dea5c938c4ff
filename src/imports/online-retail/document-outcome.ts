import type { ImportedEffect } from '../ledger/imported-document.entity.js';

/** What a document became. */
export interface DocumentOutcome {
  readonly effect: ImportedEffect;
  readonly effectId: string;
  /** The line that each row became, in the order of the rows; null for a row that is no line of its own. */
  readonly lineIds: readonly (string | null)[];
}
