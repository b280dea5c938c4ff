export * from './company.builder.js';
export * from './new-tenant.builder.js';
