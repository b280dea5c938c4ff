import type { Server } from 'node:http';
import { type DynamicModule, type LoggerService, type Type, VersioningType } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AppConfig } from '#libs/config';
import { NestLogger } from '#libs/telemetry';
import type { FastifyRequest } from 'fastify';
import type { ApiReference } from '../openapi/api-reference.js';
import { serveReferencePage } from '../openapi/reference-page.js';
import { serveCachedReads } from '../caching/serve-cached-reads.js';
import { tellPositions } from '../consistency/tell-positions.js';
import { ProblemFilter } from '../problems/problem.filter.js';
import { RequestValidationPipe } from '../requests/request-validation.pipe.js';
import { logAccess } from './access-log.js';
import { refuseWrongMethods } from './allowed-methods.js';
import { Draining } from './draining.js';
import { fastifyOptions } from './fastify-options.js';
import { HttpModule } from './http.module.js';
import { parseJsonBody } from './json-body.js';
import { openContexts } from './request-context.js';
import { protectBrowsers } from './security-headers.js';

/** How an HTTP application is made. */
export interface HttpAppOptions {
  readonly config: AppConfig;
  /** Serve the OpenAPI document at /v1/openapi.json and its page at /docs. Without it, neither. */
  readonly reference?: ApiReference;
  /** Default: JSON lines. */
  readonly logger?: LoggerService | false;
}

/** JSON alone, parsed by us: bodies of any other type are refused with 415. */
function parseBodies(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request: FastifyRequest, body, done) => {
    try {
      request.rawBody = body as Buffer;
      done(null, parseJsonBody(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
}

/** On the way out, connections are not kept: clients open their next one to another process. */
function releaseConnections(app: NestFastifyApplication): void {
  const draining = app.get(Draining, { strict: false });
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onSend', (_request, reply, _payload, done) => {
      if (draining.isDraining) reply.header('Connection', 'close');
      done();
    });
}

/** Node.js would answer expectations it does not know with an empty 417; they may be ignored (RFC 9110, 10.1.1). */
function ignoreExpectations(app: NestFastifyApplication): void {
  const server: Server = app.getHttpServer();
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}

/**
 * An HTTP application with all conventions of the house: correlation ids and execution contexts, problem documents,
 * validation, bounded bodies, security headers, CORS by list, URI versions. Not listening yet: see `serve`.
 */
export async function createHttpApp(
  rootModule: Type | DynamicModule,
  { config, reference, logger = new NestLogger() }: HttpAppOptions,
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    HttpModule.around([rootModule], config, reference !== undefined),
    new FastifyAdapter(fastifyOptions(config)),
    { logger, bodyParser: false, abortOnError: false },
  );
  openContexts(app);
  logAccess(app);
  // Before whatever refuses, so that refusals carry the headers too.
  protectBrowsers(app, config);
  refuseWrongMethods(app);
  parseBodies(app);
  releaseConnections(app);
  ignoreExpectations(app);
  tellPositions(app);
  serveCachedReads(app, config);
  app.enableVersioning({ type: VersioningType.URI });
  app.useGlobalFilters(new ProblemFilter());
  app.useGlobalPipes(new RequestValidationPipe());
  if (reference) serveReferencePage(app, reference);
  return app;
}
