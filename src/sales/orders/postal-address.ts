/** An address as it stood when the order was placed. */
export interface PostalAddress {
  readonly line1: string;
  readonly line2: string | null;
  readonly city: string;
  readonly region: string | null;
  readonly postalCode: string | null;
  /** A country as the customer gave it: a name or an ISO 3166 code, at most 60 characters. */
  readonly country: string;
}
