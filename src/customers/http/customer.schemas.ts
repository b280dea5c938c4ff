import { emailSchema, instantSchema, pageOf, pageQuery, text, uuid } from '#libs/http';
import { z } from 'zod';
import type { Customer } from '../customer.entity.js';

const kindSchema = z.enum(['person', 'company']);
const statusSchema = z.enum(['active', 'archived']).describe('Archived customers can no longer order');
const numberSchema = z
  .string()
  .max(40)
  .regex(/^C-\d{6,}$/)
  .describe('Given by Quoin, counted up without gaps');
const confirmationEmail = emailSchema.describe('Where order confirmations go; without it, none are sent');
const phoneSchema = text({ max: 40 });
const taxNumberSchema = text({ max: 40 }).describe('VAT or other tax number');
const externalRefSchema = text({ max: 100 }).describe('The customer’s id in another system; unique');

/** An address as it is printed. */
export const customerAddressSchema = z
  .strictObject({
    line1: text({ max: 200 }),
    line2: text({ max: 200 }).nullable().default(null),
    city: text({ max: 100 }),
    region: text({ max: 100 }).nullable().default(null),
    postalCode: text({ max: 20 }).nullable().default(null),
    country: text({ max: 60 }).describe('ISO 3166-1 alpha-2, or as people write it'),
  })
  .meta({ id: 'CustomerAddress' });

const addressAnswer = z
  .strictObject({
    line1: z.string(),
    line2: z.string().nullable(),
    city: z.string(),
    region: z.string().nullable(),
    postalCode: z.string().nullable(),
    country: z.string(),
  })
  .meta({ id: 'KnownCustomerAddress' });

/** A customer as the API answers it. */
export const customerSchema = z
  .strictObject({
    id: uuid,
    number: numberSchema,
    kind: kindSchema,
    name: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    taxNumber: z.string().nullable(),
    externalRef: z.string().nullable(),
    billingAddress: addressAnswer,
    shippingAddress: addressAnswer,
    status: statusSchema,
    version: z.int(),
    createdAt: instantSchema,
    updatedAt: instantSchema,
  })
  .meta({ id: 'Customer' });

/** Body of `POST /v1/customers`. */
export const newCustomerSchema = z
  .strictObject({
    kind: kindSchema,
    name: text({ max: 200 }),
    email: confirmationEmail.nullable().optional(),
    phone: phoneSchema.nullable().optional(),
    taxNumber: taxNumberSchema.nullable().optional(),
    externalRef: externalRefSchema.nullable().optional(),
    billingAddress: customerAddressSchema,
    shippingAddress: customerAddressSchema.optional().describe('Default: the billing address'),
  })
  .meta({ id: 'NewCustomer' });

/** Body of `PATCH /v1/customers/{id}`. */
export const customerChangesSchema = z
  .strictObject({
    kind: kindSchema.optional(),
    name: text({ max: 200 }).optional(),
    email: confirmationEmail.nullable().optional(),
    phone: phoneSchema.nullable().optional(),
    taxNumber: taxNumberSchema.nullable().optional(),
    externalRef: externalRefSchema.nullable().optional(),
    billingAddress: customerAddressSchema.optional(),
    shippingAddress: customerAddressSchema.optional(),
  })
  .meta({ id: 'CustomerChanges' });

/** Query of `GET /v1/customers`. */
export const customerListQuery = pageQuery({
  status: statusSchema.optional(),
  kind: kindSchema.optional(),
  number: numberSchema.optional(),
  email: emailSchema.optional(),
  externalRef: externalRefSchema.optional(),
  q: text({ max: 100 })
    .optional()
    .describe('Words that name, number, e-mail or external reference contain; case and accents do not matter'),
});
export const customerPageSchema = pageOf(customerSchema);

/** The customer as the API answers it. */
export function presentCustomer(customer: Customer): z.input<typeof customerSchema> {
  const { id, number, kind, name, email, phone, taxNumber, externalRef, status, version } = customer;
  const { billingAddress, shippingAddress, createdAt, updatedAt } = customer;
  return {
    id,
    number,
    kind,
    name,
    email,
    phone,
    taxNumber,
    externalRef,
    billingAddress,
    shippingAddress,
    status,
    version,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
