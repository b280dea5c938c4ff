import { demoCustomers } from './demo-customers.js';

const customers = demoCustomers();

it('are about thirty, people and companies, in several countries, the same every time', () => {
  expect(demoCustomers()).toEqual(customers);
  expect(customers.length).toBeGreaterThanOrEqual(30);
  expect(new Set(customers.map(({ kind }) => kind)).size).toBe(2);
  expect(new Set(customers.map(({ billingAddress }) => billingAddress.country)).size).toBe(15);
});

it('are told apart by name, e-mail and reference; no mail reaches anybody', () => {
  for (const key of ['name', 'email', 'externalRef'] as const) {
    expect(new Set(customers.map((customer) => customer[key])).size).toBe(customers.length);
  }
  for (const { email } of customers) expect(email).toMatch(/^[a-z0-9]+(\.[a-z0-9]+)*@customers\.example$/);
  expect(customers.map(({ email }) => email)).toContain('jurgen.weiss@customers.example');
});
