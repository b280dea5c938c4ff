import { z } from 'zod';
import { emailSchema, text } from '#libs/http';
import type { CompanyDetails } from '../company.queries.js';

const details = {
  legalName: text({ max: 200 }),
  addressLines: z
    .array(text({ max: 100 }))
    .max(6)
    .describe('As printed, without the country'),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .describe('ISO 3166-1 alpha-2'),
  taxNumber: text({ max: 40 }).nullable(),
  email: emailSchema.nullable(),
  paymentTermsDays: z.int().min(0).max(365).describe('Days from the date of an invoice until it is due'),
  invoiceFooter: text({ max: 1_000, multiline: true }).nullable(),
};

/** All that a company says about itself; replaces what it said before. */
export const companyUpdateSchema = z.strictObject(details).meta({ id: 'CompanyUpdate' });

/** The company as the API shows it. */
export const companySchema = z
  .strictObject({ ...details, version: z.int(), updatedAt: z.iso.datetime() })
  .meta({ id: 'Company' });

/** Body of `PUT /v1/company`. */
export type CompanyUpdateBody = z.output<typeof companyUpdateSchema>;

/** The answer for a company. */
export function presentCompany(company: CompanyDetails): z.input<typeof companySchema> {
  return { ...company, addressLines: [...company.addressLines], updatedAt: company.updatedAt.toISOString() };
}
