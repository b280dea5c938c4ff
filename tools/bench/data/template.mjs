import { call } from './http.mjs';

const TENANT = 'bench-template';
const PASSWORD = 'correct horse battery staple';
const EMAIL = 'owner@bench.example';

/** Signs one of the bench's tenants in. @returns {Promise<string>} an access token */
export async function signIn(url, tenant) {
  const body = { grantType: 'password', email: EMAIL, password: PASSWORD };
  return (await call(url, 'POST', '/v1/auth/tokens', { tenant, body })).body.accessToken;
}

/** A company that signed up: what every tenant begins with. @returns {Promise<string>} its id */
export async function signUpTemplate(url) {
  const company = { slug: TENANT, name: 'Bench Ltd', currency: 'GBP', timeZone: 'Europe/London', country: 'GB' };
  const body = { ...company, admin: { email: EMAIL, name: 'Ada Owner', password: PASSWORD } };
  return (await call(url, 'POST', '/v1/tenants', { tenant: TENANT, body })).body.id;
}

/**
 * Gives the template one of everything that the bench needs many of, made by the api itself: its rows are the pattern of all
 * others, so that they hold whatever the schema of the day asks for.
 * @returns {Promise<{ orderId: string }>}
 */
export async function stockTemplate(url) {
  const token = await signIn(url, TENANT);
  const post = async (path, body, headers) => (await call(url, 'POST', path, { token, body, headers })).body;
  const price = (amount) => ({ amount, currency: 'GBP' });
  const category = await post('/v1/categories', { name: 'Kitchen' });
  const product = await post('/v1/products', {
    sku: 'TEMPLATE',
    name: 'Template',
    description: 'Holds 300 ml, and the dishwasher does not fade it.',
    categoryId: category.id,
    price: price('12.50'),
    taxCode: 'standard',
    taxRatePercent: '20',
  });
  const warehouse = await post('/v1/warehouses', { code: 'MAIN', name: 'Main warehouse' });
  const received = [{ productId: product.id, quantity: 1_000, unitCost: price('5.00') }];
  await post('/v1/stock-receipts', { warehouseId: warehouse.id, lines: received });
  const billingAddress = { line1: '1 High Street', city: 'London', postalCode: 'E1 6AN', country: 'GB' };
  const buyer = { kind: 'company', name: 'Buyer', email: 'buyer@bench.example', billingAddress };
  const customer = await post('/v1/customers', buyer);
  const lines = [{ productId: product.id, quantity: 2 }];
  const order = { customerId: customer.id, warehouseId: warehouse.id, confirm: true, lines };
  return { orderId: (await post('/v1/sales-orders', order, { 'Idempotency-Key': 'bench-template' })).id };
}
