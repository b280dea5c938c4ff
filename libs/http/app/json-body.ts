import { BodyTooDeep, MalformedBody } from '../problems/http.errors.js';
import secureJson from 'secure-json-parse';

/** Levels of nesting that a body may have; no document of ours has ten. 200,000 would be parsed without this. */
export const BODY_DEPTH_MAX = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Index of the quote that ends the string whose first byte is at `from`; the length if nothing does. */
function endOfString(bytes: Uint8Array, from: number): number {
  for (let index = from; index < bytes.length; index += 1) {
    if (bytes[index] === BACKSLASH) index += 1;
    else if (bytes[index] === QUOTE) return index;
  }
  return bytes.length;
}

/** Whether JSON text nests deeper than `depthMax`. One pass over the bytes, before anything is built from them. */
export function nestsDeeperThan(bytes: Uint8Array, depthMax: number): boolean {
  let depth = 0;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (byte === QUOTE) index = endOfString(bytes, index + 1);
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1;
    if (depth > depthMax) return true;
  }
  return false;
}

/**
 * Parses a request body. An empty one is `undefined`: what to make of it is for the route's schema.
 *
 * @throws BodyTooDeep
 * @throws MalformedBody for what is not JSON in UTF-8, and for `__proto__` and `constructor.prototype` keys
 */
export function parseJsonBody(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return undefined;
  if (nestsDeeperThan(bytes, BODY_DEPTH_MAX)) throw new BodyTooDeep(BODY_DEPTH_MAX);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return secureJson.parse(text, undefined, { protoAction: 'error', constructorAction: 'error' });
  } catch (error) {
    throw new MalformedBody(undefined, { cause: error });
  }
}
