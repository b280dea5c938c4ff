import { z } from 'zod';
import { isCurrency, isTimeZone } from '#libs/kernel';
import { currencySchema, emailSchema, text, uuid } from '#libs/http';
import type { TenantIdentity } from '#libs/context';
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from '../password-rule.js';
import { SLUG } from '../new-tenant.js';

/** Body of `POST /v1/tenants`. */
export const signUpSchema = z
  .strictObject({
    slug: z.string().regex(SLUG).describe('Names the tenant in X-Tenant and as a subdomain; never changes'),
    name: text({ max: 200 }).describe('The company'),
    currency: currencySchema.refine(isCurrency, { message: 'Not a currency that amounts can be kept in' }),
    timeZone: z.string().max(60).refine(isTimeZone, { message: 'Not an IANA time zone' }).describe('IANA time zone'),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .describe('ISO 3166-1 alpha-2'),
    admin: z.strictObject({
      email: emailSchema,
      name: text({ max: 200 }),
      password: z.string().min(PASSWORD_LENGTH_MIN).max(PASSWORD_LENGTH_MAX).describe('At least 12 characters'),
    }),
  })
  .meta({
    id: 'SignUp',
    example: {
      slug: 'acme',
      name: 'Acme Ltd',
      currency: 'GBP',
      timeZone: 'Europe/London',
      country: 'GB',
      admin: { email: 'owner@acme.example', name: 'Ada Owner', password: 'correct horse battery staple' },
    },
  });

/** A tenant as the API shows it. */
export const tenantSchema = z
  .strictObject({
    id: uuid,
    slug: z.string(),
    name: z.string(),
    currency: currencySchema,
    timeZone: z.string(),
    status: z.enum(['provisioning', 'active', 'suspended']),
  })
  .meta({ id: 'Tenant' });

/** What somebody who signs up sends. */
export type SignUpBody = z.output<typeof signUpSchema>;

/** The answer for a tenant. Where its data live is nobody's business. */
export function presentTenant({
  id,
  slug,
  name,
  currency,
  timeZone,
  status,
}: TenantIdentity): z.input<typeof tenantSchema> {
  return { id, slug, name, currency, timeZone, status };
}
