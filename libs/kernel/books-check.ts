/** One thing that is wrong with the books. */
export interface BooksFault {
  /** Stable and dotted, e.g. `inventory.level.on_hand`. */
  readonly code: string;
  /** One sentence for a person, with both figures. */
  readonly message: string;
  /** What is wrong: the id or number of a level, document, account or entry. */
  readonly subject: string;
}

/**
 * Recomputes one part of the current tenant's books from its rows. Each capability exports its own; `books verify`
 * runs them all.
 */
export interface BooksCheck {
  /** What is checked, e.g. `stock`. */
  readonly name: string;
  /** Everything that is wrong, up to a bound of the check's own; empty when the books are right. */
  faults(): Promise<BooksFault[]>;
}
