import { ModulesContainer } from '@nestjs/core';
import { isPermission, PERMISSION_NAMES } from '#erp/identity';
import { accessOf, isWithoutTenant } from '#libs/auth';
import { testConfig } from '#libs/config/testing';
import { createHttpApp, type Route, routeFaults, routesIn } from '#libs/http';
import { configureLogging } from '#libs/telemetry';
import { ApiModule } from '../../apps/api/api.module.js';
import { apiReference } from '../../apps/api/reference.js';

let modules: ModulesContainer;
let routes: Route[];
let close: () => Promise<void>;

beforeAll(async () => {
  configureLogging({ level: 'silent', service: 'test' });
  const config = testConfig();
  const app = await createHttpApp(ApiModule.forRoot(config), { config, reference: apiReference, logger: false });
  modules = app.get(ModulesContainer, { strict: false });
  routes = routesIn(modules);
  close = () => app.close();
});

afterAll(() => close?.());

const nameOf = ({ method, path }: Route) => `${method} ${path}`;
const access = ({ handler, controller }: Route) => accessOf(handler, controller);
const permissionsOf = (route: Route): readonly string[] => {
  const found = access(route);
  return found?.kind === 'permission' ? found.permissions : [];
};

/** Whether a decorator left a mark whose name begins so on the method or its class. */
function isMarked({ handler, controller }: Route, mark: string): boolean {
  return [handler, controller].some((target) =>
    Reflect.getMetadataKeys(target).some((key: unknown) => typeof key === 'string' && key.startsWith(mark)),
  );
}

it('have decided who may call them, and take nothing unchecked', () => {
  expect(routes.length).toBeGreaterThan(60);
  expect(routeFaults(modules)).toEqual([]);
});

it('are open to everybody only where this list says so', () => {
  expect(routes.filter((route) => access(route)?.kind === 'public').map(nameOf)).toEqual([
    'GET /health',
    'GET /livez',
    'GET /readyz',
    'POST /v1/auth/email-verifications/completion',
    'GET /v1/auth/identity-providers',
    'POST /v1/auth/oidc-authorizations',
    'POST /v1/auth/password-resets',
    'POST /v1/auth/password-resets/completion',
    'POST /v1/auth/tokens',
    'POST /v1/auth/tokens/oidc',
    'POST /v1/auth/tokens/second-factor',
    'GET /v1/catalog/categories',
    'GET /v1/catalog/products',
    'GET /v1/catalog/products/:slug',
    'GET /v1/openapi.json',
    'POST /v1/operator/tokens',
    'POST /v1/tenants',
    'POST /v1/webhooks/payments/:provider',
  ]);
  expect(routes.filter((route) => access(route)?.kind === 'signed-in').map(nameOf)).toEqual([
    'GET /v1/api-keys',
    'DELETE /v1/api-keys/:id',
    'GET /v1/api-keys/:id',
    'POST /v1/auth/email-verifications',
    'GET /v1/auth/linked-identities',
    'POST /v1/auth/linked-identities',
    'DELETE /v1/auth/linked-identities/:id',
    'POST /v1/auth/linked-identities/authorizations',
    'GET /v1/auth/me',
    'GET /v1/auth/second-factor',
    'POST /v1/auth/second-factor',
    'POST /v1/auth/second-factor/confirmation',
    'POST /v1/auth/second-factor/recovery-codes',
    'POST /v1/auth/second-factor/removal',
    'DELETE /v1/auth/sessions',
    'GET /v1/auth/sessions',
    'DELETE /v1/auth/sessions/:id',
    'DELETE /v1/auth/tokens/current',
  ]);
});

it('are open to API keys, without a permission, only where this list says so', () => {
  const open = routes.filter((route) => {
    const found = access(route);
    return found?.kind === 'signed-in' && found.withApiKey;
  });
  expect(open.map(nameOf)).toEqual(['GET /v1/auth/me']);
});

it('work for no tenant only where this list says so', () => {
  const withoutTenant = routes.filter(({ handler, controller }) => isWithoutTenant(handler, controller));
  const ofOperators = withoutTenant.filter((route) => access(route)?.kind === 'operator').map(nameOf);
  expect(ofOperators).toContain('DELETE /v1/operator/tokens');
  expect(ofOperators.filter((name) => !/^[A-Z]+ \/v1\/(landlord|operator)\//.test(name))).toEqual([]);
  expect(withoutTenant.map(nameOf).filter((name) => !ofOperators.includes(name))).toEqual([
    'GET /health',
    'GET /livez',
    'GET /readyz',
    'GET /v1/openapi.json',
    'POST /v1/operator/tokens',
    'POST /v1/tenants',
    'POST /v1/webhooks/payments/:provider',
  ]);
});

it('are limited, more strictly where passwords are tried and words searched, but for the probes and what a provider has signed', () => {
  expect(routes.filter((route) => isMarked(route, 'THROTTLER:SKIP')).map(nameOf)).toEqual([
    'GET /health',
    'GET /livez',
    'GET /readyz',
    'POST /v1/webhooks/payments/:provider',
  ]);
  expect(routes.filter((route) => isMarked(route, 'quoin:rate-limit')).map(nameOf)).toEqual([
    'POST /v1/auth/email-verifications',
    'POST /v1/auth/email-verifications/completion',
    'POST /v1/auth/linked-identities',
    'POST /v1/auth/linked-identities/authorizations',
    'POST /v1/auth/oidc-authorizations',
    'POST /v1/auth/password-resets',
    'POST /v1/auth/password-resets/completion',
    'POST /v1/auth/second-factor',
    'POST /v1/auth/second-factor/confirmation',
    'POST /v1/auth/second-factor/recovery-codes',
    'POST /v1/auth/second-factor/removal',
    'POST /v1/auth/tokens',
    'POST /v1/auth/tokens/oidc',
    'POST /v1/auth/tokens/second-factor',
    'GET /v1/catalog/products',
    'GET /v1/customers',
    'POST /v1/operator/tokens',
    'GET /v1/products',
    'POST /v1/tenants',
  ]);
});

it('ask for permissions of the catalogue, and for all of them somewhere', () => {
  const asked = new Set(routes.flatMap(permissionsOf));
  expect([...asked].filter((permission) => !isPermission(permission))).toEqual([]);
  // For the settings of later issues, which roles can hold already; and for the policy of API keys to ask for.
  const others = PERMISSION_NAMES.filter((permission) => !asked.has(permission));
  expect(others).toEqual(['tenant.manage', 'api_key.manage']);
});

it('never change anything by a permission to read, nor read by one to write', () => {
  const guarded = routes.filter((route) => permissionsOf(route).length > 0);
  const odd = guarded.filter(
    (route) => (route.method === 'GET') !== permissionsOf(route).every((permission) => permission.endsWith('.read')),
  );
  expect(odd.map(nameOf)).toEqual([]);
});
