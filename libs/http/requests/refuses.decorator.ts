import { type CustomDecorator, SetMetadata } from '@nestjs/common';
import type { DomainErrorClass } from '#libs/kernel';

const REFUSES = 'quoin:refuses';

/**
 * The errors of the business that the route may answer with; documented by their codes. What every route may answer
 * (400 `request.invalid`, 401, 403, 404 of the tenant, refusals of its bytes, 429, 500, 503) is documented without
 * being named here.
 */
export function Refuses(...errors: readonly DomainErrorClass[]): CustomDecorator {
  return SetMetadata(REFUSES, errors);
}

/** The classes named by {@link Refuses} on a method, and on its controller. */
export function refusalsOf(handler: object, controller: object): readonly DomainErrorClass[] {
  return [controller, handler].flatMap(
    (target) => (Reflect.getMetadata(REFUSES, target) as readonly DomainErrorClass[] | undefined) ?? [],
  );
}
