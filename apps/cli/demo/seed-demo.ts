import type { INestApplicationContext } from '@nestjs/common';
import { demoCatalogue, SeedDemoCatalogue } from '#erp/catalog';
import { SeedDemoCustomers } from '#erp/customers';
import { UserQueries } from '#erp/identity';
import { type DemoStock, SeedDemoStock } from '#erp/inventory';
import { CompanyQueries, type CompanyUpdate, ProvisionTenant, UpdateCompany } from '#erp/tenants';
import type { TenantIdentity } from '#libs/context';
import { inTenant, TenantDirectory, TenantUnknown } from '#libs/tenancy';
import { OperatorError } from '../failure.js';

/** Whose company the demo is. */
export interface DemoOwner {
  /** The tenant's slug. */
  readonly tenant: string;
  readonly email: string;
  readonly password: string;
}

/** What the demo company has, whichever run made it. */
export interface DemoSummary {
  readonly tenant: TenantIdentity;
  readonly categories: number;
  readonly products: number;
  readonly customers: number;
  readonly stocks: readonly DemoStock[];
}

const COMPANY = {
  name: 'Demo Trading Ltd',
  currency: 'GBP',
  timeZone: 'Europe/London',
  country: 'GB',
} as const;

/** What stands on its invoices. */
const COMPANY_DETAILS: Omit<CompanyUpdate, 'email'> = {
  legalName: COMPANY.name,
  addressLines: ['12 Minerva Road', 'Park Royal', 'London NW10 6HJ'],
  country: COMPANY.country,
  taxNumber: 'GB 123 4567 89',
  paymentTermsDays: 30,
  invoiceFooter: 'Demo Trading Ltd · made for trying Quoin: no such company is registered anywhere.',
};

/**
 * Makes the demo company through the verbs that the API uses. Each step does what is not done yet, in a unit of work of
 * its own: an interrupted run is continued by the next, and a run on a complete company changes nothing.
 * @throws OperatorError, SlugTaken when somebody else has the slug
 */
export async function seedDemo(application: INestApplicationContext, owner: DemoOwner): Promise<DemoSummary> {
  const tenant = await demoTenant(application, owner);
  return inTenant(tenant, async () => {
    await requireOwner(application, owner);
    await describeCompany(application, owner);
    const products = await application.get(SeedDemoCatalogue).execute();
    const customers = await application.get(SeedDemoCustomers).execute();
    const stocks = await application.get(SeedDemoStock).execute(products);
    const { categories } = demoCatalogue();
    return {
      tenant,
      categories: categories.length,
      products: products.length,
      customers: customers.length,
      stocks,
    };
  });
}

/** The open tenant; a sign-up that broke off is finished. */
async function demoTenant(application: INestApplicationContext, owner: DemoOwner): Promise<TenantIdentity> {
  const known = await tenantCalled(application, owner.tenant);
  if (known && known.status !== 'provisioning') return known;
  const { email, password } = owner;
  const admin = { email, name: 'Demo Owner', password };
  return application.get(ProvisionTenant).execute({ slug: owner.tenant, ...COMPANY, admin });
}

async function tenantCalled(application: INestApplicationContext, slug: string): Promise<TenantIdentity | undefined> {
  try {
    return await application.get(TenantDirectory).bySlug(slug);
  } catch (error) {
    if (error instanceof TenantUnknown) return undefined;
    throw error;
  }
}

/** Nobody's real company is filled with demo data because of its name. */
async function requireOwner(application: INestApplicationContext, { tenant, email }: DemoOwner): Promise<void> {
  const { items } = await application.get(UserQueries).page({ limit: 200 });
  if (items.some((user) => user.email.toLowerCase() === email.toLowerCase())) return;
  throw new OperatorError(
    `The tenant "${tenant}" has no user ${email}: it is no demo company of yours. Choose another slug.`,
  );
}

/** Only as long as nobody has changed it: whoever tries Quoin may make the company another. */
async function describeCompany(application: INestApplicationContext, { email }: DemoOwner): Promise<void> {
  const { version } = await application.get(CompanyQueries).current();
  if (version === 1) await application.get(UpdateCompany).execute({ ...COMPANY_DETAILS, email }, version);
}
