import { DomainError } from '#libs/kernel';

/** The slug is no label of a host name, or the installation needs it for itself. */
export class SlugNotAllowed extends DomainError {
  static readonly code = 'tenant.slug_not_allowed';
  static readonly kind = 'invalid';
  constructor(slug: string) {
    super(
      'Choose another slug: 3 to 63 lower-case letters, digits and inner hyphens, and none of our own host names.',
      {
        slug: slug.slice(0, 63),
      },
    );
  }
}

/** Another tenant has the slug, or somebody else is signing up with it right now. */
export class SlugTaken extends DomainError {
  static readonly code = 'tenant.slug_taken';
  static readonly kind = 'conflict';
  constructor(slug: string) {
    super('Another tenant has this slug. Choose another one.', { slug });
  }
}

/** The sign-up was not finished within a day and was removed. */
export class SignUpExpired extends DomainError {
  static readonly code = 'tenant.sign_up_expired';
  static readonly kind = 'not_found';
  constructor() {
    super('This sign-up was never finished and has been removed. Sign up again.');
  }
}

/** The password is shorter than we let anybody choose. */
export class PasswordTooShort extends DomainError {
  static readonly code = 'password.too_short';
  static readonly kind = 'invalid';
  constructor(lengthMin: number) {
    super(`Choose a password of at least ${lengthMin} characters.`, { lengthMin });
  }
}

/** The password is one of those that are guessed first (NIST SP 800-63B-4, 3.1.1.2). */
export class PasswordWidelyUsed extends DomainError {
  static readonly code = 'password.too_common';
  static readonly kind = 'invalid';
  constructor() {
    super('This password is among the first that would be guessed. Choose another one, such as several random words.');
  }
}
