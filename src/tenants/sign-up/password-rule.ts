import { isCommonPassword } from './known-passwords.js';
import { PasswordWidelyUsed, PasswordTooShort } from './sign-up.errors.js';

/** NIST SP 800-63B asks for length, not for kinds of characters; characters as people count them. */
export const PASSWORD_LENGTH_MIN = 12;

/** Longer ones are refused at the edge: hashing takes the whole of it. */
export const PASSWORD_LENGTH_MAX = 200;

/**
 * Refuses what would be guessed first.
 * @param ownWords what anybody knows of the person: their address, the company's name
 * @throws PasswordTooShort, PasswordWidelyUsed
 */
export function requirePassword(password: string, ownWords: readonly string[] = []): void {
  if (Array.from(password).length < PASSWORD_LENGTH_MIN) throw new PasswordTooShort(PASSWORD_LENGTH_MIN);
  if (isCommonPassword(password, ownWords)) throw new PasswordWidelyUsed();
}
