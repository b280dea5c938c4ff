import { z } from 'zod';
import { instantSchema, pageOf, pageQuery, text, uuid } from '#libs/http';
import { providerSlug } from '../../oidc/http/oidc.schemas.js';
import type { IdentityProviderView } from '../identity-provider.queries.js';

/** Body of `POST` and `PUT /v1/identity-providers`. */
export const providerDefinitionSchema = z
  .strictObject({
    slug: providerSlug,
    name: text({ max: 100 }).describe('For the button'),
    issuer: z
      .url({ protocol: /^https?$/ })
      .max(500)
      .describe('Exactly as the provider calls itself; https'),
    clientId: z.string().min(1).max(200),
    clientSecret: z
      .string()
      .min(1)
      .max(500)
      .nullable()
      .optional()
      .describe('Never shown. Absent: stays as it is; null: a client without one'),
    linkByEmail: z.boolean().describe('Whoever has a user’s address, verified there and here, is that user'),
    trustsSecondFactor: z.boolean().describe('No second factor is asked for here'),
    defaultRoleId: uuid.nullable().describe('Whoever is unknown becomes a user with this role; null: nobody does'),
    enabled: z.boolean(),
  })
  .meta({ id: 'IdentityProviderDefinition' });

/** An identity provider as the API shows it. */
export const providerSchema = z
  .strictObject({
    id: uuid,
    slug: z.string(),
    name: z.string(),
    issuer: z.string(),
    clientId: z.string(),
    hasClientSecret: z.boolean(),
    linkByEmail: z.boolean(),
    trustsSecondFactor: z.boolean(),
    defaultRoleId: uuid.nullable(),
    enabled: z.boolean(),
    version: z.int(),
    createdAt: instantSchema,
    updatedAt: instantSchema,
  })
  .meta({ id: 'IdentityProvider' });

/** A page of providers. */
export const providerPageSchema = pageOf(providerSchema);

/** Query of `GET /v1/identity-providers`. */
export const providerListQuery = pageQuery({});

export type ProviderDefinitionBody = z.output<typeof providerDefinitionSchema>;
export type ProviderListQuery = z.output<typeof providerListQuery>;

/** The answer for a provider. */
export function presentProvider(provider: IdentityProviderView): z.input<typeof providerSchema> {
  const { createdAt, updatedAt, ...rest } = provider;
  return { ...rest, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}
