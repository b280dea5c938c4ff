import type { CapabilitySchema } from '#libs/database';
import { Customer } from './customer.entity.js';
import { Customers1763600400000 } from './migrations/1763600400000-customers.js';

/** Tables of the customers. */
export const customersSchema: CapabilitySchema = { entities: [Customer], migrations: [Customers1763600400000] };
