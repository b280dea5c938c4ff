import type { NewCustomer } from '../create-customers.js';
import type { Address } from '../customer.entity.js';

/** An address in London. */
export const londonAddress: Address = {
  line1: '1 Test Street',
  line2: null,
  city: 'London',
  region: null,
  postalCode: 'EC1A 1AA',
  country: 'GB',
};

/** A company in London with an e-mail address. Give what matters to the test. */
export function newCustomer(name: string, overrides: Partial<NewCustomer> = {}): NewCustomer {
  const email = `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '.')}@example.test`;
  return { kind: 'company', name, email, billingAddress: londonAddress, ...overrides };
}
