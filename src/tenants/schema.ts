import type { CapabilitySchema } from '#libs/database';
import { Company } from './company/company.entity.js';
import { Company1763600100000 } from './migrations/1763600100000-company.js';
import { SignUp1763600100000 } from './migrations/1763600100000-sign-up.js';

/** Tables of the tenants capability: `company` with the tenant, `sign_up` at the landlord. */
export const tenantsSchema: CapabilitySchema = {
  entities: [Company],
  migrations: [Company1763600100000],
  landlordMigrations: [SignUp1763600100000],
};
