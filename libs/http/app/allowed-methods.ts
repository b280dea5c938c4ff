import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { MethodNotAllowedException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pathOf } from './access-log.js';

/** Whether a route's template has this path: `/v1/products/:id` has `/v1/products/7`. */
export function templateMatches(template: string, path: string): boolean {
  const expected = template.split('/');
  const actual = path.split('/');
  if (expected.length !== actual.length) return false;
  return expected.every((segment, index) => {
    const given = actual[index] ?? '';
    return segment.startsWith(':') ? given !== '' : segment === given;
  });
}

/** Answers 405 with `Allow`, rather than 404, where the address exists and takes other methods (RFC 9110, 15.5.6). */
export function refuseWrongMethods(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  const methodsByTemplate = new Map<string, Set<string>>();

  fastify.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return;
    const methods = methodsByTemplate.get(url) ?? new Set<string>();
    for (const each of [method].flat()) methods.add(each);
    methodsByTemplate.set(url, methods);
  });

  fastify.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done) => {
    if (!request.is404) return done();
    const path = pathOf(request);
    const allowed = [...methodsByTemplate].filter(([template]) => templateMatches(template, path));
    if (allowed.length === 0) return done();
    reply.header('Allow', [...new Set(allowed.flatMap(([, methods]) => [...methods]))].sort().join(', '));
    return done(new MethodNotAllowedException());
  });
}
