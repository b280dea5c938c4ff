import { PasswordTooShort } from './sign-up.errors.js';

/** NIST SP 800-63B asks for length, not for kinds of characters; characters as people count them. */
export const PASSWORD_LENGTH_MIN = 12;

/** Longer ones are refused at the edge: hashing takes the whole of it. */
export const PASSWORD_LENGTH_MAX = 200;

/** @throws PasswordTooShort */
export function requirePassword(password: string): void {
  if (Array.from(password).length < PASSWORD_LENGTH_MIN) throw new PasswordTooShort(PASSWORD_LENGTH_MIN);
}
