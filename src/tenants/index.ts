/** Tenants: how they come to be, and the company that each of them is. */
export { CompanyNotFound } from './company/company.errors.js';
export { type CompanyDetails, CompanyQueries } from './company/company.queries.js';
export { type CompanyUpdate, UpdateCompany } from './company/update-company.js';
export { type LandlordTenant, LandlordTenants, type TenantFilter } from './landlord/landlord-tenant.queries.js';
export { MoveTenant } from './landlord/move-tenant.js';
export { SuspendTenant } from './landlord/suspend-tenant.js';
export { SignUpModule } from './sign-up.module.js';
export { checkNewTenant, type NewTenant } from './sign-up/new-tenant.js';
export { ProvisionTenant } from './sign-up/provision-tenant.js';
export { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN, requirePassword } from './sign-up/password-rule.js';
export {
  PasswordWidelyUsed,
  PasswordTooShort,
  SignUpExpired,
  SlugNotAllowed,
  SlugTaken,
} from './sign-up/sign-up.errors.js';
export { SweepSignUps } from './sign-up/sweep-sign-ups.js';
export { TenantsModule } from './tenants.module.js';
