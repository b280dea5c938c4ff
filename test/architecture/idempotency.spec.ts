import { ModulesContainer } from '@nestjs/core';
import { isWithoutTenant } from '#libs/auth';
import { testConfig } from '#libs/config/testing';
import {
  answersOnce,
  createHttpApp,
  isMutating,
  ownUnitsOf,
  refusedCodes,
  requiresIdempotencyKey,
  type Route,
  routesIn,
} from '#libs/http';
import { configureLogging } from '#libs/telemetry';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ApiModule } from '../../apps/api/api.module.js';
import { openApiDocument } from '../../apps/api/openapi-document.js';
import { apiReference } from '../../apps/api/reference.js';

interface Parameter {
  readonly $ref?: string;
  readonly description?: string;
}

let routes: Route[];
let document: OpenAPIObject;
let close: () => Promise<void>;

beforeAll(async () => {
  configureLogging({ level: 'silent', service: 'test' });
  const config = testConfig();
  const app = await createHttpApp(ApiModule.forRoot(config), { config, reference: apiReference, logger: false });
  routes = routesIn(app.get(ModulesContainer, { strict: false }));
  document = JSON.parse(await openApiDocument(config)) as OpenAPIObject;
  close = () => app.close();
});

afterAll(() => close?.());

const nameOf = ({ method, path }: Route) => `${method} ${path}`;
const mutations = () => routes.filter(isMutating);
const declared = (mark: (handler: object, controller: object) => unknown) =>
  mutations()
    .filter(({ handler, controller }) => mark(handler, controller))
    .map(nameOf);

/** The operation in the document; undefined when the route is not in it. */
function operationOf({ method, path }: Route) {
  const item = document.paths[path.replaceAll(/:(\w+)/g, '{$1}')];
  return item?.[method.toLowerCase() as 'post'];
}

function keyParametersOf(route: Route): Parameter[] {
  const parameters = (operationOf(route)?.parameters ?? []) as Parameter[];
  return parameters.filter(({ $ref }) => $ref?.startsWith('#/components/parameters/IdempotencyKey'));
}

it('takes Idempotency-Key on every route that changes something, and says so', () => {
  expect(mutations().length).toBeGreaterThan(40);
  expect(
    mutations()
      .filter((route) => keyParametersOf(route).length !== 1)
      .map(nameOf),
  ).toEqual([]);
  const reads = routes.filter((route) => !isMutating(route));
  expect(reads.filter((route) => keyParametersOf(route).length > 0).map(nameOf)).toEqual([]);
});

it('requires it where money or goods move', () => {
  const required = ['POST /v1/payments/:id/refunds', 'POST /v1/sales-orders', 'POST /v1/sales-orders/:id/payments'];
  expect(declared(requiresIdempotencyKey)).toEqual(required);
  const documented = mutations().filter((route) => keyParametersOf(route)[0]?.$ref?.endsWith('Required'));
  expect(documented.map(nameOf)).toEqual(required);
});

it('keeps answers of all routes but these, which say what makes it harmless to repeat them', () => {
  expect(declared(ownUnitsOf)).toEqual([
    // Another server is asked in between; tickets are good once.
    'POST /v1/auth/linked-identities',
    'POST /v1/auth/linked-identities/authorizations',
    'POST /v1/auth/oidc-authorizations',
    // The one-time token from the mail is its key; hashing the password must not hold a connection.
    'POST /v1/auth/password-resets/completion',
    // Wrong codes are counted although they are refused; right ones are good once.
    'POST /v1/auth/second-factor/recovery-codes',
    'POST /v1/auth/second-factor/removal',
    // Answer with tokens, which are kept nowhere.
    'POST /v1/auth/tokens',
    'POST /v1/auth/tokens/oidc',
    'POST /v1/auth/tokens/second-factor',
    // Landlord work, of no tenant's unit of work: keyed by the slug, by the token that is voided; the last one counts.
    'PUT /v1/landlord/plans/:plan/rate-limits',
    'POST /v1/landlord/tenants',
    'POST /v1/landlord/tenants/:slug/moves',
    'PUT /v1/landlord/tenants/:slug/plan',
    'PUT /v1/landlord/tenants/:slug/rate-limits',
    'DELETE /v1/landlord/tenants/:slug/suspension',
    'POST /v1/landlord/tenants/:slug/suspension',
    'DELETE /v1/operator/tokens',
    'POST /v1/operator/tokens',
    // Keyed by its slug.
    'POST /v1/tenants',
    // Keyed by the provider's event id.
    'POST /v1/webhooks/payments/:provider',
  ]);
  const own = mutations().filter(({ handler, controller }) => ownUnitsOf(handler, controller));
  const unexplained = own.filter((route) => (keyParametersOf(route)[0]?.description ?? '').length < 20);
  expect(unexplained.map(nameOf)).toEqual([]);
});

it('has no route that works for no tenant and says nothing of repetitions: without a tenant no answer is kept', () => {
  const silent = mutations().filter(
    ({ handler, controller }) => isWithoutTenant(handler, controller) && !ownUnitsOf(handler, controller),
  );
  expect(silent.map(nameOf)).toEqual([]);
});

it('documents what becomes of a key', () => {
  const kept = mutations().filter(({ handler, controller }) => !ownUnitsOf(handler, controller));
  const silent = kept.filter((route) => {
    const codes = refusedCodes(route);
    return !(
      codes.get(400)?.includes('idempotency.key_invalid') &&
      codes.get(409)?.includes('idempotency.in_progress') &&
      codes.get(422)?.includes('idempotency.key_reused')
    );
  });
  expect(silent.map(nameOf)).toEqual([]);
});

/** Names of fields that only their receiver may read. */
const SECRET_FIELD = /^(?!has)(key|password|\w*secret|\w*tokens?|\w*codes|otpauth\w*)$/i;

it('keeps no answer that holds a secret', () => {
  const once = new Set(declared(answersOnce));
  const revealing = mutations().filter((route) => {
    const { handler, controller } = route;
    if (ownUnitsOf(handler, controller)) return false;
    return fieldsOf(operationOf(route)?.responses).some((field) => SECRET_FIELD.test(field));
  });
  expect(revealing.length).toBeGreaterThan(0);
  expect(revealing.map(nameOf).filter((name) => !once.has(name))).toEqual([]);
});

/** Names of all fields of the successful answers, through references. */
function fieldsOf(responses: object = {}): string[] {
  const good = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  const seen = new Set<string>();
  const walk = (node: unknown): string[] => {
    if (Array.isArray(node)) return node.flatMap(walk);
    if (typeof node !== 'object' || node === null) return [];
    const { $ref, properties = {} } = node as { $ref?: string; properties?: object };
    const own = [...Object.keys(properties), ...Object.values(node).flatMap(walk)];
    if ($ref === undefined || seen.has($ref)) return own;
    seen.add($ref);
    return [...own, ...walk(document.components?.schemas?.[$ref.replace('#/components/schemas/', '')])];
  };
  return walk(good);
}
