import { Module } from '@nestjs/common';
import { Companies } from './company/companies.repository.js';
import { CompanyQueries } from './company/company.queries.js';
import { UpdateCompany } from './company/update-company.js';
import { FinishMoves } from './landlord/finish-moves.js';
import { LandlordTenants } from './landlord/landlord-tenant.queries.js';
import { MoveTenant } from './landlord/move-tenant.js';
import { SuspendTenant } from './landlord/suspend-tenant.js';
import { FinishSignUp } from './sign-up/finish-sign-up.js';
import { SignUps } from './sign-up/sign-ups.repository.js';
import { SweepSignUps } from './sign-up/sweep-sign-ups.js';

const LANDLORD = [FinishMoves, LandlordTenants, MoveTenant, SuspendTenant];
const SIGN_UP = [FinishSignUp, SignUps, SweepSignUps];

/** The company that each tenant is, what finishes sign-ups, and operators' work. Needs DatabaseModule and TenancyModule. */
@Module({
  providers: [Companies, CompanyQueries, UpdateCompany, ...LANDLORD, ...SIGN_UP],
  exports: [CompanyQueries, UpdateCompany, ...LANDLORD, ...SIGN_UP],
})
export class TenantsModule {}
