/** For tests only. */
export { londonAddress, newCustomer } from './customer.builder.js';
export { CustomersStage } from './customers-stage.js';
