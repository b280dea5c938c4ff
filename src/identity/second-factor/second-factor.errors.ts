import { DomainError } from '#libs/kernel';

/** The challenge is none of ours, too old, or the password has changed since it was given. */
export class ChallengeRefused extends DomainError {
  static readonly code = 'auth.challenge_refused';
  static readonly kind = 'unauthenticated';
  constructor(options?: ErrorOptions) {
    super('This challenge is not valid any more. Sign in again.', {}, options);
  }
}

/** Wrong code, or one that was used already, while signing in. */
export class SecondFactorRefused extends DomainError {
  static readonly code = 'auth.second_factor_refused';
  static readonly kind = 'unauthenticated';
  constructor() {
    super('This code is wrong or was used already. Wait for the next one.');
  }
}

/** Wrong code, or one that was used already, from somebody who is signed in. */
export class CodeRefused extends DomainError {
  static readonly code = 'second_factor.code_refused';
  static readonly kind = 'unprocessable';
  constructor() {
    super('This code is wrong or was used already. Wait for the next one.');
  }
}

/** The user has a second factor that works: remove it first. */
export class SecondFactorActive extends DomainError {
  static readonly code = 'second_factor.active';
  static readonly kind = 'conflict';
  constructor() {
    super('There is a second factor already. Remove it before you set up another one.');
  }
}

/** The user has no second factor, or none that waits to be confirmed. */
export class SecondFactorNotFound extends DomainError {
  static readonly code = 'second_factor.not_found';
  static readonly kind = 'not_found';
  constructor() {
    super('There is no such second factor. Begin to set one up.');
  }
}
