import { type CustomDecorator, SetMetadata } from '@nestjs/common';
import type { Route } from '../app/routes.js';

const KEY_REQUIRED = 'quoin:idempotency-key-required';
const NOT_KEPT = 'quoin:answer-not-kept';
const OWN_UNITS = 'quoin:own-units-of-work';

/** Why a route has no unit of work round it, and what makes repeating it harmless. */
export interface OwnUnits {
  readonly because: string;
  /** A sentence for users of the API. */
  readonly repeating: string;
}

/** A method of a controller, or the controller's class. */
type Target = object | undefined;

/** The route takes no request without an `Idempotency-Key`: it moves money or goods (requirement B4). */
export function RequiresIdempotencyKey(): CustomDecorator {
  return SetMetadata(KEY_REQUIRED, true);
}

/**
 * The route's answer holds a secret: it is sent once and kept nowhere. A repetition has no effect and is told so (409
 * `idempotency.answer_not_kept`).
 */
export function AnswerOnce(): CustomDecorator {
  return SetMetadata(NOT_KEPT, true);
}

/**
 * The route is not carried out in one unit of work of one tenant: it waits for the outside in between, works for no tenant, or
 * commits although it refuses. Its `Idempotency-Key` is checked for its form and no answer is kept for it, so the work itself must
 * be safe to repeat. Each such route is on the list in test/architecture/idempotency.spec.ts.
 */
export function OwnUnitsOfWork(because: string, repeating: string): CustomDecorator {
  return SetMetadata<string, OwnUnits>(OWN_UNITS, { because, repeating });
}

/** Whether the route is declared {@link RequiresIdempotencyKey}. */
export function requiresIdempotencyKey(handler: Target, controller: Target): boolean {
  return declared<boolean>(KEY_REQUIRED, handler, controller) ?? false;
}

/** Whether the route is declared {@link AnswerOnce}. */
export function answersOnce(handler: Target, controller: Target): boolean {
  return declared<boolean>(NOT_KEPT, handler, controller) ?? false;
}

/** What the route says when it is declared {@link OwnUnitsOfWork}. */
export function ownUnitsOf(handler: Target, controller: Target): OwnUnits | undefined {
  return declared<OwnUnits>(OWN_UNITS, handler, controller);
}

/** Whether requests of this method change anything (RFC 9110, 9.2.1). */
export function isMutating({ method }: Pick<Route, 'method'>): boolean {
  return method === 'POST' || method === 'PUT' || method === 'PATCH' || method === 'DELETE';
}

function declared<T>(key: string, handler: Target, controller: Target): T | undefined {
  for (const target of [handler, controller]) {
    const value = target === undefined ? undefined : (Reflect.getMetadata(key, target) as T | undefined);
    if (value !== undefined) return value;
  }
  return undefined;
}
