import { type CustomDecorator, SetMetadata } from '@nestjs/common';

const READ_FROM_PRIMARY = 'quoin:read-from-primary';

/**
 * No replica serves the reads of this route, or of all routes of this controller: what they answer is the newest there is.
 * For one read of many, `unitOfWork.read(work, { primary: true })`. Routes that change something never read from a replica.
 */
export function ReadFromPrimary(): CustomDecorator {
  return SetMetadata(READ_FROM_PRIMARY, true);
}

/** Whether the route, or its controller, is marked {@link ReadFromPrimary}. */
export function readsFromPrimary(handler: object, controller: object): boolean {
  return [handler, controller].some((target) => Reflect.getMetadata(READ_FROM_PRIMARY, target) === true);
}
