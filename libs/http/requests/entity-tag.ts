import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PreconditionFailed } from '#libs/kernel';
import { RequestInvalid } from '../problems/http.errors.js';

const TAG = /^\s*(W\/)?"([\x21\x23-\x7e]*)"\s*$/;
const VERSION = /^\d{1,9}$/;

/** The strong entity tag of a version: `"7"` (RFC 9110, 8.8.3). */
export function etagOf(version: number): string {
  return `"${version}"`;
}

/** Sends the version of what is answered, for the client's next `If-Match`. */
export function setETag(reply: FastifyReply, version: number): void {
  reply.header('ETag', etagOf(version));
}

/**
 * The version that an `If-Match` header asks for; undefined without the header and for `*`.
 *
 * @throws RequestInvalid for what is no entity tag
 * @throws PreconditionFailed for tags that no version of ours has, weak ones included
 */
export function versionOfIfMatch(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const match = TAG.exec(header);
  if (!match) {
    throw new RequestInvalid([
      { path: 'If-Match', code: 'invalid_format', message: 'Send one entity tag: "<version>".' },
    ]);
  }
  const [, weak, opaque = ''] = match;
  if (weak !== undefined || !VERSION.test(opaque)) throw new PreconditionFailed();
  return Number(opaque);
}

/** The version that the client's `If-Match` names: `number | undefined`. Compare it with `requireVersion`. */
export const IfMatch = createParamDecorator((_data: undefined, context: ExecutionContext): number | undefined =>
  versionOfIfMatch(context.switchToHttp().getRequest<FastifyRequest>().headers['if-match']),
);
