import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { DomainError } from '#libs/kernel';
import { logger } from '#libs/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pathOf } from '../app/access-log.js';
import { inContextOf } from '../app/request-context.js';
import { type Problem, PROBLEM_TYPE, problemDocument } from './problem.js';
import { problemOf } from './problem-of.js';

/** Sends a problem as the answer to the request. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): void {
  const body = problemDocument(problem, pathOf(request), request.id);
  reply
    .code(problem.status)
    .headers({ ...problem.headers })
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(body));
}

function note(error: unknown, problem: Problem): void {
  const expected = error instanceof DomainError || error instanceof HttpException;
  if (problem.status >= 500 && problem.status !== 503) logger().error({ err: error }, 'request failed');
  else if (!expected) logger().warn({ err: error, code: problem.code }, 'request refused');
}

/** Answers everything that is thrown with a problem document, and logs what is not the client's affair. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = problemOf(error);
    inContextOf(request, () => note(error, problem));
    // Half an answer cannot be taken back: break it off, so that the client sees that it is not whole.
    if (reply.sent || reply.raw.headersSent) reply.raw.destroy();
    else sendProblem(request, reply, problem);
  }
}
