export { CreateCustomers, type NewCustomer } from './create-customers.js';
export { CustomersModule } from './customers.module.js';
export { CustomerQueries, type CustomerFacts } from './customer.queries.js';
export type { Address, CustomerKind, CustomerStatus } from './customer.entity.js';
