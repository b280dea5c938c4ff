import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Injection token of the guards that every request passes, in their order. */
export const REQUEST_GUARDS = Symbol('RequestGuards');

declare module 'fastify' {
  interface FastifyRequest {
    /** The guards have let this request pass. */
    hasPassedGuards?: boolean;
  }
}

/**
 * All guards of the API, one after the other, once a request: a route that is answered before Nest's own pipeline begins
 * (libs/http/caching) passes the same guards, and what it cannot answer does not pass them again.
 */
@Injectable()
export class RequestGuard implements CanActivate {
  constructor(@Inject(REQUEST_GUARDS) private readonly guards: readonly CanActivate[]) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (request.hasPassedGuards) return true;
    for (const guard of this.guards) {
      const verdict = guard.canActivate(context);
      // Waiting for what is known costs a turn of the queue, a guard and a request.
      if ((typeof verdict === 'boolean' ? verdict : await verdict) !== true) return false;
    }
    request.hasPassedGuards = true;
    return true;
  }
}
