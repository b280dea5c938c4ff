import { Body, Controller, Get, Module, Param, Post, Put, Query, type Type } from '@nestjs/common';
import { RequestGuards } from './guards/request-guards.module.js';
import { DomainError } from '#libs/kernel';
import type { OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import {
  Answers,
  buildOpenApi,
  createHttpApp,
  IdParam,
  moneySchema,
  pageOf,
  pageQuery,
  PreconditionFailed,
  Public,
  Refuses,
  RequiresPermission,
  WithoutTenant,
} from './index.js';
import { testConfig } from '#libs/config/testing';
import { testServer, type TestServer } from './testing/index.js';

const reference = { title: 'Things', version: '1.2.3', description: 'All about things.' };

class ThingBroken extends DomainError {
  static readonly code = 'thing.broken';
  static readonly kind = 'conflict';
}

const newThing = z
  .strictObject({ price: moneySchema, weight: z.number().gt(0).optional(), state: z.enum(['a', 'b']).default('a') })
  .meta({ id: 'NewThing' });
const thing = z.strictObject({ id: z.uuid(), price: moneySchema.nullable() }).meta({ id: 'Thing' });

@Controller({ path: 'things', version: '1' })
@Public()
@WithoutTenant()
class ThingsController {
  @Get()
  @Answers(200, pageOf(thing), 'A page of things')
  list(@Query({ schema: pageQuery({ state: z.enum(['a', 'b']).optional() }) }) query: unknown): unknown {
    return query;
  }

  @Post()
  @Answers(201, newThing)
  @Refuses(ThingBroken)
  create(@Body({ schema: newThing }) body: unknown): unknown {
    return body;
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

@Controller({ path: 'secured', version: '1' })
class SecuredController {
  @Get(':id')
  @RequiresPermission('thing.read')
  @Answers(200, thing)
  one(@IdParam() id: string): unknown {
    return { id };
  }
}

@Module({ controllers: [SecuredController] })
class SecuredModule {}

@Controller({ path: 'open', version: '1' })
@Public()
class OpenController {
  @Get(':id')
  @Answers(200, thing)
  one(@IdParam() id: string): unknown {
    return { id };
  }

  @Put(':id')
  @Answers(204)
  @Refuses(PreconditionFailed)
  touch(@IdParam() id: string): unknown {
    return { id };
  }
}

/** What the document says of a controller's only route with this method. */
async function operationOf(controller: Type, method: 'get' | 'put') {
  const module = { module: class Root {}, controllers: [controller] };
  const app = await createHttpApp(module, { config: testConfig(), reference, logger: false });
  return Object.values(buildOpenApi(app, reference).paths)[0]?.[method];
}

let server: TestServer;

beforeAll(async () => {
  server = await testServer(ThingsModule, { reference });
});

afterAll(() => server.stop());

async function document(): Promise<OpenAPIObject> {
  const response = await fetch(`${server.url}/v1/openapi.json`);
  return (await response.json()) as OpenAPIObject;
}

describe('the OpenAPI document', () => {
  it('is version 3.1, served, and the same text every time', async () => {
    const served = await (await fetch(`${server.url}/v1/openapi.json`)).text();
    expect(JSON.parse(served)).toMatchObject({ openapi: '3.1.0', info: { title: 'Things', version: '1.2.3' } });
    expect(JSON.stringify(buildOpenApi(server.app, reference))).toBe(served);
  });

  it('documents every query parameter on its own', async () => {
    const { paths } = await document();
    expect(paths['/v1/things']?.get?.parameters).toEqual([
      expect.objectContaining({ in: 'query', name: 'cursor', required: false }),
      expect.objectContaining({
        in: 'query',
        name: 'limit',
        schema: expect.objectContaining({ type: 'integer', maximum: 200, default: 50 }),
      }),
      expect.objectContaining({ in: 'query', name: 'state', schema: { enum: ['a', 'b'], type: 'string' } }),
    ]);
  });

  it('documents bodies and answers by components, in the words of JSON Schema 2020-12', async () => {
    const { paths, components } = await document();
    expect(paths['/v1/things']?.post).toMatchObject({
      operationId: 'things.create',
      security: [],
      requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/NewThing' } } } },
      responses: {
        '201': { content: { 'application/json': { schema: { $ref: '#/components/schemas/NewThingAnswer' } } } },
        '400': { content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
        '409': { description: expect.stringContaining('`thing.broken` Thing broken') as string },
      },
    });
    expect(Object.keys(components?.schemas ?? {}).sort()).toEqual([
      'Money',
      'NewThing',
      'NewThingAnswer',
      'Problem',
      'Thing',
      'ThingPage',
    ]);
    expect(components?.schemas).toMatchObject({
      NewThing: { required: ['price'], properties: { weight: { exclusiveMinimum: 0 } } },
      NewThingAnswer: { required: ['price', 'state'] },
      Thing: { properties: { price: { anyOf: [{ $ref: '#/components/schemas/Money' }, { type: 'null' }] } } },
    });
  });

  it('refers to nothing that is not there', async () => {
    const whole = await document();
    const references = [...JSON.stringify(whole).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path);
    expect(references.length).toBeGreaterThan(5);
    for (const path of references) {
      const target = path.split('/').reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], whole);
      expect({ path, found: target !== undefined }).toEqual({ path, found: true });
    }
  });

  it('tells who may call, for which tenant, and what is refused', async () => {
    const operation = await operationOf(SecuredController, 'get');
    expect(operation).toMatchObject({ security: [{ bearer: [] }], 'x-permissions': ['thing.read'] });
    expect(operation?.parameters).toContainEqual({ $ref: '#/components/parameters/Tenant' });
    expect(operation?.responses['400']).toMatchObject({
      description: expect.stringMatching(/`request.invalid`.*\n`request.malformed`.*\n`request.not_storable`/),
    });
    const statuses = ['200', '400', '401', '403', '404', '408', '414', '429', '431', '500', '503'];
    expect(Object.keys(operation?.responses ?? {})).toEqual(statuses);
  });

  it('tells what is refused of a body, also where none is wanted, and of a token on public routes', async () => {
    const put = await operationOf(OpenController, 'put');
    expect(put?.responses).toMatchObject({
      '400': { description: expect.stringContaining('`request.malformed`') },
      '401': { description: expect.stringMatching(/^`auth.invalid_token`.*\n`auth.token_expired`/) },
      '413': { description: expect.stringContaining('`request.too_large`') },
      '415': { description: expect.stringContaining('`request.unsupported_media_type`') },
    });
    expect((await operationOf(OpenController, 'get'))?.responses['415']).toBeUndefined();
  });

  it('has the parameter If-Match where a stale one is refused', async () => {
    const parameter = { $ref: '#/components/parameters/IfMatch' };
    expect((await operationOf(OpenController, 'put'))?.parameters).toContainEqual(parameter);
    expect((await operationOf(OpenController, 'get'))?.parameters).not.toContainEqual(parameter);
  });
});

describe('the reference page', () => {
  it('needs nothing from the internet', async () => {
    const page = await fetch(`${server.url}/docs`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    const html = await page.text();
    const assets = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(
      ([, path = '']) => new URL(path, `${server.url}/docs`),
    );
    expect(assets.length).toBeGreaterThan(3);
    for (const asset of assets) {
      expect(asset.origin).toBe(server.url);
      expect([asset.pathname, (await fetch(asset)).status]).toEqual([asset.pathname, 200]);
    }
    expect(html).not.toMatch(/<script>(?!<)/);
  });
});

describe('an application', () => {
  @Controller({ path: 'forgotten', version: '1' })
  class ForgottenController {
    @Get(':id')
    one(@Param('id') id: string): unknown {
      return { id };
    }
  }

  it('with a route that forgot its permission or its schema does not start', async () => {
    const module = { module: class Root {}, controllers: [ForgottenController] };
    await expect(testServer(module)).rejects.toThrow(
      /GET \/v1\/forgotten\/:id .*declares neither[\s\S]*takes its path without/,
    );
  });

  it('with protected routes and no guards does not start', async () => {
    await expect(testServer(SecuredModule)).rejects.toThrow(`import ${RequestGuards.name}.forRoot()`);
  });
});
