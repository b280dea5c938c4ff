import { isCurrency, isTimeZone, UnknownCurrency, UnknownTimeZone } from '#libs/kernel';
import { SlugNotAllowed } from './sign-up.errors.js';

/** What somebody who signs up says. */
export interface NewTenant {
  /** Names the tenant in `X-Tenant` and as a subdomain; never changes. */
  readonly slug: string;
  /** The company's name. */
  readonly name: string;
  /** ISO 4217; all documents of the tenant are kept in it. */
  readonly currency: string;
  /** IANA zone of its business dates. */
  readonly timeZone: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly admin: { readonly email: string; readonly name: string; readonly password: string };
}

/** As a label of a host name: lower-case letters, digits and inner hyphens, 3 to 63. */
export const SLUG = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

/** Subdomains that an installation needs for itself. */
const RESERVED = new Set('admin api app assets auth docs help login mail quoin static status support www'.split(' '));

/** Refuses what no tenant can be made of. @throws SlugNotAllowed, UnknownCurrency, UnknownTimeZone */
export function checkNewTenant({ slug, currency, timeZone }: NewTenant): void {
  if (!SLUG.test(slug) || RESERVED.has(slug)) throw new SlugNotAllowed(slug);
  if (!isCurrency(currency)) throw new UnknownCurrency(currency);
  if (!isTimeZone(timeZone)) throw new UnknownTimeZone(timeZone);
}
