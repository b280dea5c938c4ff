import { DomainError } from '#libs/kernel';

/** The provider moved another amount than it was told to. Nothing is recorded: a person has to look at it. */
export class MovementMismatch extends DomainError {
  static readonly code = 'payments.provider.amount_mismatch';
  static readonly kind = 'conflict';
  constructor(noun: string, id: string, expectedMinor: bigint, actualMinor: bigint) {
    super(`The provider moved another amount than ${noun} ${id} asks for. Compare both before anything else.`, {
      id,
      expectedMinor: String(expectedMinor),
      actualMinor: String(actualMinor),
    });
  }
}

/** The provider says the opposite of what it said before. The first word stands: a person has to look at it. */
export class MovementContradicted extends DomainError {
  static readonly code = 'payments.provider.contradiction';
  static readonly kind = 'conflict';
  constructor(noun: string, id: string, status: string) {
    super(`The provider contradicts itself: ${noun} ${id} is ${status} already. Compare both before anything else.`, {
      id,
      status,
    });
  }
}

/** The provider has had days to say what became of it. Spends an attempt, and ends as a dead letter for a person. */
export class MovementNeverEnds extends Error {
  constructor(noun: string, id: string, asks: number) {
    super(`${noun} ${id} has no end after ${asks} questions to its provider`);
  }
}
