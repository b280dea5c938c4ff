/** Who buys. */
export { ArchiveCustomer } from './archive-customer.js';
export { CreateCustomers, type NewCustomer } from './create-customers.js';
export { CustomerExternalRefTaken } from './customer.errors.js';
export { CUSTOMER_READ, CUSTOMER_WRITE } from './customers.permissions.js';
export { CustomersModule } from './customers.module.js';
export { CustomerQueries, type CustomerFacts } from './customer.queries.js';
export { demoCustomers } from './demo/demo-customers.js';
export { SeedDemoCustomers } from './demo/seed-demo-customers.js';
export type { Address, CustomerKind, CustomerStatus } from './customer.entity.js';
export { RestoreCustomer } from './restore-customer.js';
export { UpdateCustomer, type CustomerChanges } from './update-customer.js';
