import { DomainError } from '#libs/kernel';

/** The token from the mail is unknown, used, too old, or its user has changed since. Which of them is not told. */
export class EmailedTokenRefused extends DomainError {
  static readonly code = 'auth.emailed_token_refused';
  static readonly kind = 'unprocessable';
  constructor() {
    super('This link has been used already or is too old. Ask for a new one.');
  }
}
