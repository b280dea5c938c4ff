import { DomainError } from '#libs/kernel';

/** No journal entry of this tenant has the id. */
export class JournalEntryNotFound extends DomainError {
  static readonly code = 'accounting.journal_entry.not_found';
  static readonly kind = 'not_found';
  constructor(id: string) {
    super(`There is no journal entry ${id}.`, { id });
  }
}

/** Debits and credits differ, or there are fewer than two lines. */
export class JournalEntryUnbalanced extends DomainError {
  static readonly code = 'accounting.journal_entry.unbalanced';
  static readonly kind = 'unprocessable';
  constructor(differenceMinor: bigint) {
    super('Debits and credits of an entry must be equal, over at least two lines that are not zero.', {
      differenceMinor: String(differenceMinor),
    });
  }
}
