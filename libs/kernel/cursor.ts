import { DomainError } from './domain-error.js';
import type { JsonValue } from './json.js';

/** A cursor that this API did not make, or not for this list. */
export class InvalidCursor extends DomainError {
  static readonly code = 'cursor.invalid';
  static readonly kind = 'invalid';

  constructor(options?: ErrorOptions) {
    super('The cursor is not one that this list has given out', {}, options);
  }
}

const BASE64URL = /^[A-Za-z0-9_-]+$/;
const LENGTH_MAX = 2_048;

/** Makes an opaque cursor of a keyset position. It is not signed: what comes back is to be validated like any input. */
export function encodeCursor(position: JsonValue): string {
  return Buffer.from(JSON.stringify(position), 'utf8').toString('base64url');
}

/** Reads what {@link encodeCursor} made. Throws {@link InvalidCursor} for anything that it could not have made. */
export function decodeCursor(cursor: string): JsonValue {
  if (cursor.length > LENGTH_MAX || !BASE64URL.test(cursor)) throw new InvalidCursor();
  try {
    const bytes = Buffer.from(cursor, 'base64url');
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as JsonValue;
  } catch (error) {
    throw new InvalidCursor({ cause: error });
  }
}
