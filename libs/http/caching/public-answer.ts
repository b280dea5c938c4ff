import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { hasCredentials } from '#libs/auth';
import type { Filling, Served, Variant } from '#libs/cache';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ContentEncoding } from './content-encoding.js';

/** Under which of its keys an answer has the form that is wanted. */
export const SUFFIX_OF: Readonly<Record<ContentEncoding, string>> = { identity: '', gzip: '#gzip', br: '#br' };

/** The form that has no body: enough for whoever has it already. */
export const HEAD_SUFFIX = '#head';

const JSON_TYPE = 'application/json; charset=utf-8';
/** Smaller bodies fit one packet as they are. */
const PACKED_FROM_BYTES = 1_024;
const ETAG_LENGTH = 22;
/** Made once and sent often. 5 is where brotli is about as quick as gzip, and still packs better. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

const pack = { gzip: promisify(gzip), br: promisify(brotliCompress) };

/** What the address does not say and the answer depends on: caches on the way must tell requests apart by these. */
const VARY = 'Accept-Encoding, Authorization, X-Tenant';

/**
 * An answer in all its forms. Where it will not be kept, packing it would cost more than it saves: then all forms are the
 * body as it is.
 */
export async function answerFilling(body: unknown, kept: boolean): Promise<Filling> {
  const bytes = Buffer.from(JSON.stringify(body));
  // Weak: packed or not, it is the same to whoever asks (RFC 9110, 8.8.3).
  const etag = `W/"${createHash('sha256').update(bytes).digest('base64url').slice(0, ETAG_LENGTH)}"`;
  const isPacked = kept && bytes.byteLength >= PACKED_FROM_BYTES;
  const form = async (encoding: 'gzip' | 'br'): Promise<Variant> =>
    isPacked
      ? { suffix: SUFFIX_OF[encoding], encoding, payload: await pack[encoding](bytes, encoding === 'br' ? BROTLI : {}) }
      : { suffix: SUFFIX_OF[encoding], encoding: 'identity', payload: bytes };
  const [gzipped, brotli] = await Promise.all([form('gzip'), form('br')]);
  const plain: Variant = { suffix: '', encoding: 'identity', payload: bytes };
  const head: Variant = { suffix: HEAD_SUFFIX, encoding: 'identity', payload: Buffer.alloc(0) };
  return { etag, variants: [plain, gzipped, brotli, head] };
}

/** Whether an `If-None-Match` header names the tag (RFC 9110, 13.1.2: strength does not matter). */
export function isCurrent(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch === etag || ifNoneMatch.trim() === '*') return true;
  const opaque = opaqueOf(etag);
  return ifNoneMatch.split(',').some((each) => opaqueOf(each.trim()) === opaque);
}

function opaqueOf(tag: string): string {
  return tag.startsWith('W/') ? tag.slice(2) : tag;
}

/**
 * Writes status and headers of an answer, and gives the body: none where `If-None-Match` names it (304). To a caller with
 * credentials it is said to be private, whatever it is: nothing that a signed-in person gets is kept where others share.
 */
export function headedAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  { etag, encoding, payload }: Served,
  shared: string,
): Buffer | undefined {
  reply.header('ETag', etag);
  reply.header('Cache-Control', hasCredentials(request) ? 'private, no-cache' : shared);
  const vary = reply.getHeader('Vary');
  reply.header('Vary', typeof vary === 'string' && vary !== '' ? `${vary}, ${VARY}` : VARY);
  if (isCurrent(request.headers['if-none-match'], etag)) {
    reply.code(304);
    return undefined;
  }
  reply.header('Content-Type', JSON_TYPE);
  if (encoding !== 'identity') reply.header('Content-Encoding', encoding);
  return payload;
}

/** What caches on the way are told. Browsers ask each time, which costs a 304. */
export function sharedCacheControl({ sharedS, staleS }: { readonly sharedS: number; readonly staleS: number }): string {
  return `public, max-age=0, s-maxage=${sharedS}, stale-while-revalidate=${staleS}`;
}
