import { z } from 'zod';
import { instantSchema, uuid } from '#libs/http';
import type { BegunAuthorization } from '../authorize.js';
import type { LinkedIdentity } from '../linked-identity.js';

/** How an identity provider is named in requests. */
export const providerSlug = z
  .string()
  .max(40)
  .regex(/^[a-z0-9](-?[a-z0-9])*$/);

const ticket = z.string().regex(/^[A-Za-z0-9_-]{43}$/, { message: 'Must be a ticket' });

/** Body of the routes that begin an authorization. */
export const beginSchema = z
  .strictObject({ provider: providerSlug.describe('`slug` of the identity provider') })
  .meta({ id: 'OidcBeginning', example: { provider: 'google' } });

/** Body of the routes that finish one. */
export const finishSchema = z
  .strictObject({
    ticket,
    response: z
      .string()
      .min(1)
      .max(8_192)
      .describe(
        'The query with which the browser came back to `/sign-in/callback`, as it is, without the question mark',
      ),
  })
  .meta({ id: 'OidcReturn' });

/** What a browser does next. */
export const authorizationSchema = z
  .strictObject({
    url: z.string().describe('Send the browser there'),
    ticket: z.string().describe('Keep it in this browser (session storage), never in an address'),
    expiresIn: z.int().describe('Seconds'),
  })
  .meta({ id: 'OidcAuthorization' });

/** What people may choose from. */
export const choicesSchema = z
  .strictObject({ items: z.array(z.strictObject({ slug: z.string(), name: z.string() })) })
  .meta({ id: 'IdentityProviderChoices' });

/** An identity by which the caller may sign in. */
export const linkedIdentitySchema = z
  .strictObject({
    id: uuid,
    provider: z.strictObject({ slug: z.string(), name: z.string() }),
    subject: z.string().describe('What the provider calls the person'),
    email: z.string().nullable(),
    createdAt: instantSchema,
  })
  .meta({ id: 'LinkedIdentity' });

/** All of the caller's. */
export const linkedIdentitiesSchema = z
  .strictObject({ items: z.array(linkedIdentitySchema) })
  .meta({ id: 'LinkedIdentities' });

export type BeginBody = z.output<typeof beginSchema>;
export type FinishBody = z.output<typeof finishSchema>;

/** The answer for an authorization that has begun. */
export function presentAuthorization(begun: BegunAuthorization): z.input<typeof authorizationSchema> {
  const { url, ticket, expiresInS } = begun;
  return { url, ticket, expiresIn: expiresInS };
}

/** The answer for a linked identity. */
export function presentIdentity(identity: LinkedIdentity): z.input<typeof linkedIdentitySchema> {
  const { id, providerSlug: slug, providerName: name, subject, email, createdAt } = identity;
  return { id, provider: { slug, name }, subject, email, createdAt: createdAt.toISOString() };
}
