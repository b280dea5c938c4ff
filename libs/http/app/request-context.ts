import type { IncomingHttpHeaders } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { currentContext, type ExecutionContext, runInContext } from '#libs/context';
import { uuidv7 } from '#libs/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** The context opened for this request; guards put tenant and principal into it. */
    executionContext?: ExecutionContext;
    /** The bytes of the body as they came: what webhooks sign. */
    rawBody?: Buffer;
  }
}

/** Header that names a request across processes, in and out. */
export const CORRELATION_HEADER = 'X-Correlation-Id';

const CORRELATION_ID = /^[A-Za-z0-9._-]{1,128}$/;

/** The caller's correlation id if it is fit for logs and headers, else a new one. */
export function correlationIdOf(headers: IncomingHttpHeaders): string {
  const given = headers['x-correlation-id'];
  return typeof given === 'string' && CORRELATION_ID.test(given) ? given : uuidv7();
}

function enter(request: FastifyRequest, context: Partial<ExecutionContext>, next: () => void): void {
  runInContext(context, () => {
    const entered = currentContext();
    if (entered) request.executionContext = entered;
    next();
  });
}

function open(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  reply.header(CORRELATION_HEADER, request.id);
  enter(request, { correlationId: request.id }, done);
}

/** A body that arrives in later packets is parsed outside of the request's asynchronous context: go back into it. */
function reopen(request: FastifyRequest, _reply: FastifyReply, done: () => void): void {
  const opened = request.executionContext;
  if (!opened || currentContext() === opened) done();
  else enter(request, opened, done);
}

/** Opens the execution context of every request, before anything else looks at it. */
export function openContexts(app: NestFastifyApplication): void {
  const adapter = app.getHttpAdapter() as FastifyAdapter;
  // The adapter runs this one before its own hooks (CORS among them); a hook added later would miss preflights.
  adapter.setOnRequestHook(open);
  adapter.getInstance().addHook('preValidation', reopen);
}

/** Runs `work` in the context of the request, wherever it is called from. */
export function inContextOf<T>(request: FastifyRequest, work: () => T): T {
  return runInContext(request.executionContext ?? { correlationId: request.id }, work);
}
