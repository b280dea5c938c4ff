import { DomainError } from '#libs/kernel';

/** Another operator has this e-mail address. */
export class OperatorExists extends DomainError {
  static readonly code = 'operator.exists';
  static readonly kind = 'conflict';
  constructor(email: string) {
    super(`${email} is an operator already.`, { email });
  }
}

/** No operator has this e-mail address. */
export class OperatorNotFound extends DomainError {
  static readonly code = 'operator.not_found';
  static readonly kind = 'not_found';
  constructor(email: string) {
    super(`${email} is no operator of this installation.`, { email });
  }
}

/** Unknown e-mail, wrong password, disabled operator: deliberately one answer. */
export class OperatorRefused extends DomainError {
  static readonly code = 'operator.refused';
  static readonly kind = 'unauthenticated';
  constructor() {
    super('E-mail and password do not match an active operator of this installation.');
  }
}

/** The operator signed out, got a new password, or was disabled. */
export class OperatorTokenVoid extends DomainError {
  static readonly code = 'operator.token_void';
  static readonly kind = 'unauthenticated';
  constructor() {
    super('This token does not hold any more. Sign in again as an operator.');
  }
}
