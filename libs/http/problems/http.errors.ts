import { DomainError } from '#libs/kernel';

/** One thing that is wrong with a request. */
export interface RequestFault {
  /** Where: dotted, e.g. `lines.0.quantity`; empty for the whole of it. */
  readonly path: string;
  /** Stable: zod's issue code, or `unknown_field`. */
  readonly code: string;
  readonly message: string;
}

/** The request does not have the shape that the route declares. Lists everything that is wrong (requirement D3). */
export class RequestInvalid extends DomainError {
  static readonly code = 'request.invalid';
  static readonly kind = 'invalid';
  constructor(readonly errors: readonly RequestFault[]) {
    super('The request is not valid. See `errors`.');
  }
}

/** The body is not JSON, or holds keys that could poison a prototype. */
export class MalformedBody extends DomainError {
  static readonly code = 'request.malformed';
  static readonly kind = 'invalid';
  constructor(reason = 'The body is not valid JSON in UTF-8.', options?: ErrorOptions) {
    super(reason, {}, options);
  }
}

/** The body nests deeper than any document of ours. */
export class BodyTooDeep extends DomainError {
  static readonly code = 'request.too_deep';
  static readonly kind = 'invalid';
  constructor(depthMax: number) {
    super(`The body nests deeper than ${depthMax} levels.`, { depthMax });
  }
}

/** A service that the answer needs does not answer now. Sent with `Retry-After`. */
export class TemporarilyUnavailable extends DomainError {
  static readonly code = 'service.unavailable';
  static readonly kind = 'unavailable';
  constructor(options?: ErrorOptions) {
    super('A service that this answer needs does not respond. Try again shortly.', {}, options);
  }
}

/** Another record already has a value that must be unique within the tenant. */
export class DuplicateValue extends DomainError {
  static readonly code = 'conflict.duplicate';
  static readonly kind = 'conflict';
  constructor(options?: ErrorOptions) {
    super('A record with the same unique value exists already.', {}, options);
  }
}

/** The record refers to one that is not there, or is itself still referred to. */
export class BrokenReference extends DomainError {
  static readonly code = 'conflict.reference';
  static readonly kind = 'conflict';
  constructor(options?: ErrorOptions) {
    super('The record refers to one that does not exist, or another record still refers to it.', {}, options);
  }
}

/** The values are valid one by one and contradict a rule together. */
export class RuleViolated extends DomainError {
  static readonly code = 'rule.violated';
  static readonly kind = 'unprocessable';
  constructor(options?: ErrorOptions) {
    super('The values together break a rule of the books.', {}, options);
  }
}

/** A value that the database cannot hold: a number out of range, a text that is none. */
export class ValueNotStorable extends DomainError {
  static readonly code = 'request.not_storable';
  static readonly kind = 'invalid';
  constructor(options?: ErrorOptions) {
    super('A value is out of range or not of its type.', {}, options);
  }
}
