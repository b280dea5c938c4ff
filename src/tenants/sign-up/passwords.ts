import { hash, verify } from '@node-rs/argon2';

/** Stands in for the hasher of libs/auth until it is there. */
export class PasswordHasher {
  hash(password: string): Promise<string> {
    return hash(password);
  }

  verify(password: string, encoded: string): Promise<boolean> {
    return verify(encoded, password);
  }
}
