import { ModulesContainer } from '@nestjs/core';
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { type Route, routesIn } from '../app/routes.js';
import { problemSchema } from '../problems/problem.js';
import type { ApiReference } from './api-reference.js';
import { BEARER, HEADER_PARAMETERS, type Operation, withExtras } from './operation-extras.js';
import { SchemaConverter } from './schema-converter.js';
import { sorted } from './sorted.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

function operationId(controllerName: string, handlerName: string): string {
  const subject = controllerName.replace(/Controller$/, '');
  return `${subject.charAt(0).toLowerCase()}${subject.slice(1)}.${handlerName}`;
}

function operationIdOf({ controller, handlerName }: Route): string {
  return operationId(controller.name, handlerName);
}

function described(reference: ApiReference): Omit<OpenAPIObject, 'paths'> {
  return new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(reference.title)
    .setDescription(reference.description)
    .setVersion(reference.version)
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, BEARER)
    .build();
}

function scanned(app: INestApplication, reference: ApiReference): OpenAPIObject {
  const converter = new SchemaConverter();
  const create = (convert: SchemaConverter['convert']): OpenAPIObject =>
    SwaggerModule.createDocument(app, described(reference), {
      operationIdFactory: operationId,
      standardSchemaConverter: (schema, { schemaType }) => convert(schema, schemaType),
    });
  // Once to see which components differ between requests and answers, once to name them.
  create((schema, direction) => converter.collect(schema, direction));
  return create((schema, direction) => converter.convert(schema, direction));
}

function withOperations(paths: OpenAPIObject['paths'], routes: ReadonlyMap<string, Route>): OpenAPIObject['paths'] {
  const complete = Object.entries(paths).map(([path, item]) => {
    const operations = METHODS.flatMap((method) => {
      const operation: Operation | undefined = item[method];
      const route = routes.get(operation?.operationId ?? '');
      return operation ? [[method, route ? withExtras(operation, route) : operation]] : [];
    });
    return [path, { ...item, ...(Object.fromEntries(operations) as Record<string, Operation>) }];
  });
  return Object.fromEntries(complete) as OpenAPIObject['paths'];
}

function routesById(app: INestApplication): Map<string, Route> {
  const byId = new Map<string, Route>();
  for (const route of routesIn(app.get(ModulesContainer, { strict: false }))) {
    const id = operationIdOf(route);
    const other = byId.get(id);
    if (other && other.handler !== route.handler)
      throw new Error(`Two operations are called ${id}: rename a controller`);
    byId.set(id, route);
  }
  return byId;
}

/**
 * The OpenAPI 3.1 document of an application, the same text for the same routes: check it in and compare. The
 * application need not be listening.
 */
export function buildOpenApi(app: INestApplication, reference: ApiReference): OpenAPIObject {
  const document = scanned(app, reference);
  const problem = new SchemaConverter().convert(problemSchema, 'output');
  return sorted({
    ...document,
    paths: withOperations(document.paths, routesById(app)),
    components: {
      ...document.components,
      schemas: { ...document.components?.schemas, ...problem?.components },
      parameters: HEADER_PARAMETERS,
    },
  });
}
