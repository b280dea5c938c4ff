import { DomainError } from '#libs/kernel';

/** The tenant has no user with this id. */
export class UserNotFound extends DomainError {
  static readonly code = 'user.not_found';
  static readonly kind = 'not_found';
  constructor(id: string) {
    super(`There is no user ${id}. List the users to find the right one.`, { id });
  }
}

/** Another user of the tenant has this address. */
export class EmailTaken extends DomainError {
  static readonly code = 'user.email_taken';
  static readonly kind = 'conflict';
  constructor(email: string) {
    super('Another user of this tenant has this e-mail address. Use another one.', { email });
  }
}

/** The change would leave the tenant without an active owner. */
export class LastOwner extends DomainError {
  static readonly code = 'user.last_owner';
  static readonly kind = 'conflict';
  constructor() {
    super('This user is the last active owner. Make somebody else an owner first.');
  }
}
