export * from './in-tenant.js';
export * from './landlord.js';
export * from './provisioning-steps.js';
export * from './schema.js';
export * from './tenancy.errors.js';
export * from './tenancy.module.js';
export * from './tenant-database-resolver.js';
export * from './tenant-directory.js';
export { tenancySchema } from './schema.js';
