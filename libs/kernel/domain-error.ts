import type { JsonObject } from './json.js';

/** What sort of refusal an error is; the HTTP layer maps each kind to one status. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'precondition_failed'
  | 'unprocessable'
  | 'too_many_requests'
  | 'unavailable';

/** What a concrete error class declares statically, so that documentation can read it without an instance. */
export interface DomainErrorDeclaration {
  /** Stable and dotted, e.g. `sales.order.not_confirmable`. Clients branch on it: never change one. */
  readonly code: string;
  readonly kind: ErrorKind;
}

/** A concrete error class with its declaration, as taken by `@Refuses(...)`. */
export type DomainErrorClass = DomainErrorDeclaration & (new (...args: never[]) => DomainError);

const STABLE_CODE = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$/;

/**
 * A refusal that the caller is meant to understand. Everything else that is thrown is a fault of the system.
 *
 * A sub-class declares `static readonly code` and `static readonly kind`; one class an error. Constructing a class
 * that declares neither throws a `TypeError`.
 */
export abstract class DomainError extends Error {
  /** The class's stable dotted code. */
  readonly code: string;
  /** The class's kind. */
  readonly kind: ErrorKind;
  /** What the client may know about this occurrence. It is sent as it is: no secrets. */
  readonly details: JsonObject;

  /**
   * @param message one sentence for a person
   * @param details JSON for a program
   * @param options `cause`, which is logged and never sent
   */
  constructor(message: string, details: JsonObject = {}, options?: ErrorOptions) {
    super(message, options);
    const { code, kind } = declarationOf(new.target);
    this.name = new.target.name;
    this.code = code;
    this.kind = kind;
    this.details = details;
  }
}

function declarationOf(errorClass: { readonly name: string }): DomainErrorDeclaration {
  const { code, kind } = errorClass as { readonly name: string } & Partial<DomainErrorDeclaration>;
  if (code === undefined || kind === undefined || !STABLE_CODE.test(code)) {
    throw new TypeError(`${errorClass.name} must declare a dotted static code and a static kind`);
  }
  return { code, kind };
}
