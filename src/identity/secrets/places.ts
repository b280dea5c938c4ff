import { currentTenant } from '#libs/context';

/** What the secret of a user's second factor is sealed for. */
export function placeOfUser(userId: string): string {
  return `totp:${currentTenant().id}:${userId}`;
}

/** What our client's secret at an identity provider is sealed for. */
export function placeOfProvider(providerId: string): string {
  return `identity-provider:${currentTenant().id}:${providerId}`;
}
