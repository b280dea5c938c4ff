import { ROUTE_ARGS_METADATA } from '@nestjs/common/internal';
import { ModulesContainer } from '@nestjs/core';
import { testConfig } from '#libs/config/testing';
import { VersionedEntity } from '#libs/database';
import { createHttpApp, IfMatch, type Route, routesIn } from '#libs/http';
import { configureLogging } from '#libs/telemetry';
import { createTestDatabase, type TestDatabase } from '#libs/testing';
import { getMetadataArgsStorage } from 'typeorm';
import { ApiModule } from '../../apps/api/api.module.js';
import { schemas } from '../../ormconfig.js';

/** Routes that edit a record in place, with the table that it is kept in. A new one comes here with its version (B3). */
const EDITS: Readonly<Record<string, string>> = {
  'PATCH /v1/accounts/:id': 'account',
  'PATCH /v1/categories/:id': 'category',
  'PATCH /v1/customers/:id': 'customer',
  'PATCH /v1/products/:id': 'product',
  'PATCH /v1/sales-orders/:id': 'sales_order',
  'PATCH /v1/users/:id': 'app_user',
  'PATCH /v1/warehouses/:id': 'warehouse',
  'PUT /v1/company': 'company',
  'PUT /v1/identity-providers/:id': 'identity_provider',
  'PUT /v1/roles/:id': 'role',
};

let database: TestDatabase;
let routes: Route[];
let close: () => Promise<void>;

beforeAll(async () => {
  configureLogging({ level: 'silent', service: 'test' });
  database = await createTestDatabase(schemas);
  const config = testConfig();
  const app = await createHttpApp(ApiModule.forRoot(config), { config, logger: false });
  routes = routesIn(app.get(ModulesContainer, { strict: false }));
  close = () => app.close();
});

afterAll(async () => {
  await close();
  await database.drop();
});

class Probe {
  method(@IfMatch() _version: number | undefined): void {}
}

interface Argument {
  readonly factory?: unknown;
}

/** What the decorators of a method's parameters compute. */
function factoriesOf(controller: object, method: string): unknown[] {
  const entries = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, method) as Record<string, Argument> | undefined;
  return Object.values(entries ?? {}).flatMap(({ factory }) => (factory === undefined ? [] : [factory]));
}

const nameOf = ({ method, path }: Route) => `${method} ${path}`;
const edits = () =>
  routes.filter(({ method, path }) => /^(PUT|PATCH)$/.test(method) && !path.startsWith('/v1/landlord/'));

it('every route that edits a record is known, with its table', () => {
  expect(edits().map(nameOf).sort()).toEqual(Object.keys(EDITS).sort());
});

it('every record that is edited has a version that its repository compares', () => {
  const classes = new Map(getMetadataArgsStorage().tables.map(({ name, target }) => [name, target]));
  const unversioned = Object.values(EDITS).filter((table) => {
    const entity = classes.get(table);
    return !(typeof entity === 'function' && entity.prototype instanceof VersionedEntity);
  });
  expect(unversioned).toEqual([]);
});

it('every table of such a record keeps the version, and can hold none that is missing', async () => {
  const rows = await database.asSuperuser<{ name: string }>(
    `select relname as name from pg_class join pg_attribute on attrelid = pg_class.oid
     where relname = any($1) and relnamespace = 'public'::regnamespace
       and attname = 'version' and atttypid = 'integer'::regtype and attnotnull`,
    [Object.values(EDITS)],
  );
  expect(rows.map(({ name }) => name).sort()).toEqual(Object.values(EDITS).sort());
});

it('every such route takes the version that the client has seen', () => {
  const [ifMatch] = factoriesOf(Probe, 'method');
  expect(ifMatch).toBeDefined();
  const deaf = edits().filter(({ controller, handlerName }) => !factoriesOf(controller, handlerName).includes(ifMatch));
  expect(deaf.map(nameOf)).toEqual([]);
});
