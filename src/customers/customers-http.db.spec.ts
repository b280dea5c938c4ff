import { type Caller, type TenantApi, tenantApi } from '#libs/http/testing';
import type { TenantIdentity } from '#libs/context';
import { createTestDatabase, registerTenant, type TestDatabase, testTenant } from '#libs/testing';
import { CUSTOMER_READ, CUSTOMER_WRITE } from './customers.permissions.js';
import { CustomersHttpModule } from './http.js';
import { customersSchema } from './schema.js';

interface Listed {
  readonly items: readonly { readonly id: string; readonly name: string }[];
  readonly nextCursor: string | null;
}

let database: TestDatabase;
let api: TenantApi;
let tenant: TenantIdentity;
let clerk: Caller;

beforeAll(async () => {
  database = await createTestDatabase([customersSchema]);
  api = await tenantApi(database, { imports: [CustomersHttpModule] });
});

afterAll(async () => {
  await api.stop();
  await database.drop();
});

beforeEach(async () => {
  tenant = testTenant(database);
  await registerTenant(database, tenant);
  clerk = await api.signIn(tenant, [CUSTOMER_READ, CUSTOMER_WRITE]);
});

const address = { line1: '22 cours Mirabeau', city: 'Aix-en-Provence', postalCode: '13100', country: 'FR' };
const whole = { ...address, line2: null, region: null };
const eloise = (overrides: Record<string, unknown> = {}) => ({
  kind: 'person',
  name: 'Éloïse Garnier',
  billingAddress: address,
  ...overrides,
});

async function customer(overrides: Record<string, unknown> = {}): Promise<string> {
  const { status, body } = await clerk<{ id: string }>('POST /v1/customers', { body: eloise(overrides) });
  expect(status).toBe(201);
  return body.id;
}

it('are created, read, changed at the version that was seen, archived and restored', async () => {
  const created = await clerk<{ id: string }>('POST /v1/customers', { body: eloise({ email: 'e@garnier.example' }) });
  const route = `/v1/customers/${created.body.id}`;
  expect([created.status, created.etag, created.headers.get('location')]).toEqual([201, '"1"', route]);
  expect((await clerk(`GET ${route}`)).body).toEqual({
    id: created.body.id,
    number: 'C-000001',
    kind: 'person',
    name: 'Éloïse Garnier',
    email: 'e@garnier.example',
    phone: null,
    taxNumber: null,
    externalRef: null,
    billingAddress: whole,
    shippingAddress: whole,
    status: 'active',
    version: 1,
    createdAt: expect.any(String),
    updatedAt: expect.any(String),
  });
  const headers = { 'if-match': '"1"' };
  expect(await clerk(`PATCH ${route}`, { body: { phone: '+33 4' }, headers })).toMatchObject({
    status: 200,
    etag: '"2"',
    body: { phone: '+33 4', name: 'Éloïse Garnier' },
  });
  expect(await clerk(`PATCH ${route}`, { body: { phone: null }, headers })).toMatchObject({
    status: 412,
    body: { code: 'precondition.failed', details: { currentVersion: 2 } },
  });
  expect(await clerk(`POST ${route}/archival`, { headers })).toMatchObject({ status: 412 });
  expect(await clerk(`POST ${route}/archival`)).toMatchObject({ status: 200, body: { status: 'archived' } });
  expect(await clerk(`DELETE ${route}/archival`)).toMatchObject({
    status: 200,
    body: { status: 'active', version: 4 },
  });
});

it('refuse a taken external reference, and tell nothing of other tenants', async () => {
  await customer({ externalRef: '17850' });
  expect(await clerk('POST /v1/customers', { body: eloise({ externalRef: '17850' }) })).toMatchObject({
    status: 409,
    body: { code: 'customers.customer.external_ref_taken' },
  });
  const other = testTenant(database);
  await registerTenant(database, other);
  const stranger = await api.signIn(other, [CUSTOMER_WRITE]);
  expect(await stranger('POST /v1/customers', { body: eloise({ externalRef: '17850' }) })).toMatchObject({
    status: 201,
  });
});

it.each([
  ['an address without a city', { billingAddress: { line1: 'x', country: 'FR' } }],
  ['an e-mail that is none', { email: 'eloise' }],
  ['a number of its own', { number: 'C-000009' }],
  ['a country of 61 characters', { billingAddress: { ...address, country: 'x'.repeat(61) } }],
  ['a line break in the name', { name: 'Éloïse\nBcc: all' }],
])('refuse %s', async (_, overrides) => {
  const body = eloise(overrides);
  expect(await clerk('POST /v1/customers', { body })).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
});

it('are listed with filters, page by page', async () => {
  await customer({ name: 'Ann', externalRef: 'a' });
  await customer({ name: 'Ben', kind: 'company' });
  await customer({ name: 'Cleo' });
  const list = async (query: string) => (await clerk<Listed>(`GET /v1/customers?${query}`)).body;
  const names = ({ items }: Listed) => items.map(({ name }) => name);
  expect(names(await list('q=BEN'))).toEqual(['Ben']);
  expect(names(await list('kind=person'))).toEqual(['Cleo', 'Ann']);
  expect(names(await list('externalRef=a&status=active'))).toEqual(['Ann']);
  expect(names(await list('number=C-000002'))).toEqual(['Ben']);
  const first = await list('limit=2');
  expect(names(first)).toEqual(['Cleo', 'Ben']);
  expect(names(await list(`limit=2&cursor=${first.nextCursor}`))).toEqual(['Ann']);
});

it('another tenant’s ids are unknown on every route', async () => {
  const route = `/v1/customers/${await customer()}`;
  const other = testTenant(database);
  await registerTenant(database, other);
  const stranger = await api.signIn(other, [CUSTOMER_READ, CUSTOMER_WRITE]);
  for (const method of ['GET', 'PATCH', 'POST /archival', 'DELETE /archival']) {
    const [verb = '', suffix = ''] = method.split(' ');
    const body = verb === 'PATCH' ? { name: 'Mine' } : undefined;
    const answer = await stranger(`${verb} ${route}${suffix}`, { body });
    expect([method, answer]).toMatchObject([method, { status: 404, body: { code: 'customers.customer.not_found' } }]);
  }
  expect((await stranger<Listed>('GET /v1/customers')).body.items).toEqual([]);
  expect((await clerk(`GET ${route}`)).body).toMatchObject({ name: 'Éloïse Garnier', version: 1 });
});

it('every route asks for its permission', async () => {
  const route = `/v1/customers/${await customer()}`;
  const viewer = await api.signIn(tenant, [CUSTOMER_READ]);
  const nobody = await api.signIn(tenant, []);
  for (const read of ['GET /v1/customers', `GET ${route}`]) {
    expect([(await viewer(read)).status, (await nobody(read)).status]).toEqual([200, 403]);
  }
  for (const write of ['POST /v1/customers', `PATCH ${route}`, `POST ${route}/archival`, `DELETE ${route}/archival`]) {
    expect([write, (await viewer(write)).status, (await api.visitor(tenant)(write)).status]).toEqual([write, 403, 401]);
  }
});
