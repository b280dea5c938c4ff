import { Injectable } from '@nestjs/common';
import { SecretBox } from '#libs/secrets';
import { placeOfUser } from '../secrets/places.js';

/** Seals the secrets of second factors for their users: copied to another user's row, none opens. */
@Injectable()
export class FactorSecrets {
  constructor(private readonly box: SecretBox) {}

  seal(secret: string, userId: string): string {
    return this.box.seal(secret, placeOfUser(userId));
  }

  /** @throws SecretUnreadable */
  open(sealed: string, userId: string): string {
    return this.box.open(sealed, placeOfUser(userId));
  }

  isCurrent(sealed: string): boolean {
    return this.box.isCurrent(sealed);
  }
}
