import { Module } from '@nestjs/common';
import { Companies } from './company/companies.repository.js';
import { CompanyQueries } from './company/company.queries.js';
import { UpdateCompany } from './company/update-company.js';
import { FinishSignUp } from './sign-up/finish-sign-up.js';
import { SignUps } from './sign-up/sign-ups.repository.js';
import { SweepSignUps } from './sign-up/sweep-sign-ups.js';

/** The company that each tenant is, and what finishes sign-ups. Needs DatabaseModule and TenancyModule. */
@Module({
  providers: [Companies, CompanyQueries, UpdateCompany, SignUps, FinishSignUp, SweepSignUps],
  exports: [CompanyQueries, UpdateCompany, SignUps, FinishSignUp, SweepSignUps],
})
export class TenantsModule {}
