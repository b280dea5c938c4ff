import { DomainError } from '#libs/kernel';

/** A move to another place has begun and is not finished. */
export class MoveUnderWay extends DomainError {
  static readonly code = 'tenant.move_under_way';
  static readonly kind = 'conflict';
  constructor(target: string) {
    super(`The tenant is being moved to ${target}. Finish that move, or abandon it, before another one.`, { target });
  }
}

/** The tenant is where it was to be moved. */
export class MovedAlready extends DomainError {
  static readonly code = 'tenant.moved_already';
  static readonly kind = 'conflict';
  constructor(target: string) {
    super(`The tenant is at ${target} already.`, { target });
  }
}

/** There is no move to continue or to abandon, or it has gone too far to be abandoned. */
export class NoOpenMove extends DomainError {
  static readonly code = 'tenant.no_open_move';
  static readonly kind = 'not_found';
  constructor() {
    super('No move of this tenant can be continued or abandoned: none is open, or it has switched already.');
  }
}

/** What was copied is not what was there: nothing is switched. */
export class MoveNotVerified extends DomainError {
  static readonly code = 'tenant.move_not_verified';
  static readonly kind = 'conflict';
  constructor(table: string, source: string, target: string) {
    super(`The copy of ${table} differs: ${source} at the source, ${target} at the target. Nothing was switched.`, {
      table,
    });
  }
}

/** The two places are not of the same version: a copy would lose columns or tables. */
export class PlacesDiffer extends DomainError {
  static readonly code = 'tenant.places_differ';
  static readonly kind = 'conflict';
  constructor(table: string) {
    super(`The table ${table} is not the same in both places. Run the migrations, then move.`, { table });
  }
}
