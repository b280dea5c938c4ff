import { StreamableFile } from '@nestjs/common';
import { ANSWER_BYTES_MAX, type KeptAnswer } from '#libs/idempotency';
import type { FastifyReply } from 'fastify';

/** Headers of a reply at one moment. */
export type Headers = ReturnType<FastifyReply['getHeaders']>;

/** More of them is not kept, bytes. */
const HEADERS_MAX = 8_192;

/** Of one sending rather than of the answer, or nobody's but the first receiver's. */
const NOT_KEPT = new Set(['set-cookie', 'content-length', 'connection', 'transfer-encoding', 'x-consistency-token']);

/** Takes back what was set since; a handler that runs again, or fails, leaves no header behind. */
export function restoreHeaders(reply: FastifyReply, before: Headers): void {
  for (const name of Object.keys(reply.getHeaders())) if (!(name in before)) reply.removeHeader(name);
  for (const [name, value] of Object.entries(before)) if (value !== undefined) reply.header(name, value);
}

/**
 * Writes what a handler gave as it will be sent. From here on the answer is text, so that what is sent, kept and sent again are the
 * same bytes.
 * @throws TypeError for a stream or bytes: a route that changes something answers with a document
 */
export function writeBody(reply: FastifyReply, value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return typed(reply, 'text/plain; charset=utf-8', value);
  if (!isDocument(value)) throw new TypeError('a route that changes something answers with a document, not a stream');
  return typed(reply, 'application/json; charset=utf-8', JSON.stringify(value));
}

/** The answer as it is kept. `secret`: only that there was one, and where what it made is found. */
export function keptAnswer(reply: FastifyReply, body: string | null, before: Headers, secret: boolean): KeptAnswer {
  const headers = headersSince(reply, before);
  const fits = Buffer.byteLength(body ?? '') <= ANSWER_BYTES_MAX && JSON.stringify(headers).length <= HEADERS_MAX;
  if (fits && !secret) return { status: reply.statusCode, headers, body, kept: true };
  const { location } = headers;
  const whereToLook: Record<string, string> =
    location === undefined ? {} : { location: location.slice(0, HEADERS_MAX) };
  return { status: reply.statusCode, headers: whereToLook, body: null, kept: false };
}

function typed(reply: FastifyReply, type: string, text: string): string {
  if (!reply.hasHeader('content-type')) reply.header('content-type', type);
  return text;
}

/** No streams and no bytes. */
function isDocument(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (value instanceof StreamableFile || value instanceof Response || ArrayBuffer.isView(value)) return false;
  return !(Symbol.asyncIterator in value);
}

function headersSince(reply: FastifyReply, before: Headers): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined && value !== before[name as keyof Headers] && !NOT_KEPT.has(name))
      headers[name] = String(value);
  }
  return headers;
}
