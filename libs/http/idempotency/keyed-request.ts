import { currentContext } from '#libs/context';
import { IdempotencyKeyInvalid, type KeyedRequest } from '#libs/idempotency';
import type { FastifyRequest } from 'fastify';

/** Bare, as most clients send it, or as the string of a structured header (draft-ietf-httpapi-idempotency-key-header). */
const KEY = /^(?:([\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]{1,255})|"([\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]{1,255})")$/;

/** The key that a request carries, without quotes; undefined without one. @throws IdempotencyKeyInvalid */
export function idempotencyKeyOf(request: FastifyRequest): string | undefined {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return undefined;
  const [, bare, quoted] = (typeof header === 'string' && KEY.exec(header.trim())) || [];
  const key = bare ?? quoted;
  if (key === undefined) throw new IdempotencyKeyInvalid();
  return key;
}

/** The request under its key: for whom, on which route, and what it asks for. */
export function keyedRequest(request: FastifyRequest, key: string, bodyHash: string): KeyedRequest {
  const principal = currentContext()?.principal;
  return {
    // Visitors have no name. What they ask for stands in for it: they share keys with none but those who ask the same.
    principal: principal ? `${principal.kind}:${principal.id}` : `visitor:${bodyHash}`,
    route: `${request.method} ${request.routeOptions.url ?? ''}`,
    key,
    bodyHash,
  };
}
