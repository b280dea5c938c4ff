import { Module } from '@nestjs/common';
import { CompanyController } from './company/http/company.controller.js';
import { LandlordTenantsController } from './landlord/http/landlord-tenants.controller.js';
import { RateLimitSettingsModule } from '#libs/throttling';
import { PlanRateLimitsController } from './rate-limits/http/plan-rate-limits.controller.js';
import { TenantRateLimitsController } from './rate-limits/http/tenant-rate-limits.controller.js';
import { SignUpController } from './sign-up/http/sign-up.controller.js';
import { SignUpModule } from './sign-up.module.js';
import { TenantsModule } from './tenants.module.js';

/** Sign-up, company and the landlord's tenants over HTTP. */
@Module({
  imports: [TenantsModule, SignUpModule, RateLimitSettingsModule],
  controllers: [
    SignUpController,
    CompanyController,
    LandlordTenantsController,
    PlanRateLimitsController,
    TenantRateLimitsController,
  ],
})
export class TenantsHttpModule {}
