import { Module } from '@nestjs/common';
import { Companies } from './company/companies.repository.js';
import { CompanyQueries } from './company/company.queries.js';
import { UpdateCompany } from './company/update-company.js';
import { PasswordHasher } from './sign-up/passwords.js';
import { FinishSignUp } from './sign-up/finish-sign-up.js';
import { ProvisionTenant } from './sign-up/provision-tenant.js';
import { SignUps } from './sign-up/sign-ups.repository.js';
import { SweepSignUps } from './sign-up/sweep-sign-ups.js';

/** Tenants from sign-up on, and the company that each of them is. Needs DatabaseModule, TenancyModule and AuthModule. */
@Module({
  providers: [
    PasswordHasher,
    Companies,
    CompanyQueries,
    UpdateCompany,
    SignUps,
    FinishSignUp,
    ProvisionTenant,
    SweepSignUps,
  ],
  exports: [CompanyQueries, UpdateCompany, ProvisionTenant, SweepSignUps],
})
export class TenantsModule {}
