import type { TestDatabase } from '#libs/testing';
import type { TenantIdentity } from '#libs/context';
import { uuidv7 } from '#libs/kernel';
import type { CompanyDetails } from '../company/company.queries.js';

/** Gives a tenant of the test database its company row, as its provisioning would. */
export async function givenCompany(
  database: TestDatabase,
  tenant: TenantIdentity,
  overrides: Partial<CompanyDetails> = {},
): Promise<void> {
  const company = {
    legalName: 'Test Traders Ltd',
    addressLines: ['1 Market Street', 'London EC1A 1AA'],
    country: 'GB',
    taxNumber: 'GB123456789',
    email: 'office@test-traders.example',
    paymentTermsDays: 30,
    invoiceFooter: 'Thank you for your business.',
    ...overrides,
  };
  await database.asSuperuser(
    `insert into company (tenant_id, id, legal_name, address_lines, country, tax_number, email, payment_terms_days, invoice_footer)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      tenant.id,
      uuidv7(),
      company.legalName,
      company.addressLines,
      company.country,
      company.taxNumber,
      company.email,
      company.paymentTermsDays,
      company.invoiceFooter,
    ],
  );
}
