import { Injectable } from '@nestjs/common';
import { SecretBox } from '#libs/secrets';
import { placeOfProvider } from '../secrets/places.js';
import type { IdentityProvider } from './identity-provider.entity.js';

/** Seals the secrets of our clients at identity providers, each for its row. */
@Injectable()
export class ClientSecrets {
  constructor(private readonly box: SecretBox) {}

  seal(secret: string, provider: Pick<IdentityProvider, 'id'>): string {
    return this.box.seal(secret, placeOfProvider(provider.id));
  }

  /** Undefined for a client without one. @throws SecretUnreadable */
  of(provider: IdentityProvider): string | undefined {
    return provider.clientSecret === null
      ? undefined
      : this.box.open(provider.clientSecret, placeOfProvider(provider.id));
  }
}
