import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { SecretBox } from '#libs/secrets';

/** Seals the secrets of second factors for their users: copied to another user's row, none opens. */
@Injectable()
export class FactorSecrets {
  constructor(private readonly box: SecretBox) {}

  seal(secret: string, userId: string): string {
    return this.box.seal(secret, placeOf(userId));
  }

  /** @throws SecretUnreadable */
  open(sealed: string, userId: string): string {
    return this.box.open(sealed, placeOf(userId));
  }

  isCurrent(sealed: string): boolean {
    return this.box.isCurrent(sealed);
  }
}

function placeOf(userId: string): string {
  return `totp:${currentTenant().id}:${userId}`;
}
