import { HttpException } from '@nestjs/common';
import { sqlState } from '#libs/database';
import { DomainError, type ErrorKind } from '#libs/kernel';
import {
  BrokenReference,
  DuplicateValue,
  RequestInvalid,
  RuleViolated,
  TemporarilyUnavailable,
  ValueNotStorable,
} from './http.errors.js';
import { isOutage } from './outage.js';
import type { Problem } from './problem.js';

/** Status of each kind of refusal. */
export const STATUS_OF_KIND: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  precondition_failed: 412,
  unprocessable: 422,
  too_many_requests: 429,
  unavailable: 503,
};

const RETRY_AFTER_S = 2;

/** Refusals of the HTTP layer itself, which come as bare statuses. */
const STATUS_PROBLEMS: Readonly<Record<number, readonly [code: string, detail: string]>> = {
  400: ['request.malformed', 'The request is malformed.'],
  401: ['auth.required', 'Send a valid access token.'],
  403: ['auth.forbidden', 'You may not do this.'],
  404: ['route.not_found', 'There is nothing at this address.'],
  405: ['route.method_not_allowed', 'This address does not take this method. See `Allow`.'],
  408: ['request.timeout', 'The request took too long to arrive.'],
  413: ['request.too_large', 'The body is larger than the limit.'],
  414: ['request.uri_too_long', 'The address is too long.'],
  415: ['request.unsupported_media_type', 'Send the body as application/json.'],
  429: ['rate_limit.exceeded', 'Too many requests.'],
  431: ['request.headers_too_large', 'The headers are larger than the limit.'],
};

const INTERNAL: Problem = {
  status: 500,
  code: 'internal',
  detail: 'Something went wrong on our side. Quote the correlation id when you ask for help.',
};

/** The problem of a bare status; everything unknown is `internal`. */
export function problemOfStatus(status: number, headers?: Readonly<Record<string, string>>): Problem {
  const known = STATUS_PROBLEMS[status];
  if (!known) return status >= 400 && status < 500 ? problemOfStatus(400) : INTERNAL;
  return { status, code: known[0], detail: known[1], ...(headers && { headers }) };
}

function headersOf(error: DomainError): Record<string, string> | undefined {
  if (error.kind === 'unauthenticated') return { 'WWW-Authenticate': 'Bearer' };
  const { retryAfterS } = error.details;
  if (typeof retryAfterS === 'number') return { 'Retry-After': String(retryAfterS) };
  if (error.kind !== 'unavailable' && error.kind !== 'too_many_requests') return undefined;
  return { 'Retry-After': String(RETRY_AFTER_S) };
}

function problemOfDomainError(error: DomainError): Problem {
  const headers = headersOf(error);
  return {
    status: STATUS_OF_KIND[error.kind],
    code: error.code,
    detail: error.message,
    details: error.details,
    ...(error instanceof RequestInvalid && { errors: error.errors }),
    ...(headers && { headers }),
  };
}

/** Refusals of PostgreSQL that the client's values caused. The answers name no value: another tenant might have it. */
function refusalOfDatabase(error: unknown): DomainError | undefined {
  switch (sqlState(error)) {
    case '23505':
      return new DuplicateValue();
    case '23503':
      return new BrokenReference();
    case '23514':
    case '23P01':
      return new RuleViolated();
    case '22003': // numeric out of range
    case '22007': // invalid datetime format
    case '22008': // datetime out of range
    case '22P02': // invalid text representation
    case '22021': // not a character of the encoding (NUL)
    case '22P05': // untranslatable character
    case '22001': // text too long
      return new ValueNotStorable();
    default:
      return undefined;
  }
}

/**
 * What to answer for anything that was thrown. Texts of errors that are not meant for clients never get out: they
 * become 409, 422 or 400 (the client's values), 503 (a service is away) or 500 `internal`.
 */
export function problemOf(error: unknown): Problem {
  if (error instanceof DomainError) return problemOfDomainError(error);
  if (error instanceof HttpException) return problemOfStatus(error.getStatus());
  const refusal = refusalOfDatabase(error) ?? (isOutage(error) ? new TemporarilyUnavailable() : undefined);
  return refusal ? problemOfDomainError(refusal) : INTERNAL;
}
