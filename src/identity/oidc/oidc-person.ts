import { emailSchema, text } from '#libs/schemas';

/** Somebody as an identity provider knows them. */
export interface OidcPerson {
  /** Who says so, and what it calls the person: together they never change. */
  readonly issuer: string;
  readonly subject: string;
  /** Only if the provider has verified it. */
  readonly verifiedEmail: string | undefined;
  readonly name: string | undefined;
}

const nameSchema = text({ max: 200 });

/** Reads what is of use to us; what has no form that we take is left out. */
export function personOf(claims: Readonly<Record<string, unknown>> & { iss: string; sub: string }): OidcPerson {
  const { iss, sub, email, email_verified: emailVerified, name } = claims;
  // Some providers write booleans as text.
  const verified = emailVerified === true || emailVerified === 'true';
  return {
    issuer: iss,
    subject: sub,
    verifiedEmail: verified ? emailSchema.safeParse(email).data : undefined,
    name: nameSchema.safeParse(name).data,
  };
}
