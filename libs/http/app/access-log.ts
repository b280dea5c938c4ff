import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { logger } from '#libs/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { inContextOf } from './request-context.js';

const PATH_LENGTH_MAX = 200;

/** The route's template. For paths that no route has, the path; never the query, which may hold secrets. */
export function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? pathOf(request).slice(0, PATH_LENGTH_MAX);
}

/** The path of a request without its query. */
export function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '';
}

function record(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  inContextOf(request, () =>
    logger('access').info(
      {
        method: request.method,
        route: routeOf(request),
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime * 10) / 10,
        ip: request.ip,
      },
      'request',
    ),
  );
  done();
}

/** One line per request in the access channel, with tenant and correlation id. */
export function logAccess(app: NestFastifyApplication): void {
  app.getHttpAdapter().getInstance().addHook('onResponse', record);
}
