import type { Socket } from 'node:net';
import type { AppConfig } from '#libs/config';
import { uuidv7 } from '#libs/kernel';
import type { FastifyHttpOptions, FastifyReply, FastifyRequest, RawServerDefault } from 'fastify';
import { PROBLEM_TYPE, problemDocument } from '../problems/problem.js';
import { problemOfStatus } from '../problems/problem-of.js';
import { sendProblem } from '../problems/problem.filter.js';
import { CORRELATION_HEADER, correlationIdOf } from './request-context.js';

/** A request must have arrived whole within this. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Its headers within this. */
const HEADERS_TIMEOUT_MS = 15_000;
/** A connection on which nothing moves is closed after this, a request that is being answered included. */
const CONNECTION_TIMEOUT_MS = 75_000;
/** An idle connection is kept this long: longer than balancers keep theirs (60 s), so that they never meet a closed one. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
const TIMEOUT_CHECK_MS = 5_000;
const PARAMETER_LENGTH_MAX = 256;

const STATUS_OF_CLIENT_ERROR: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

/** Answers what is not even HTTP: no request exists yet, so the bytes are written by hand. */
function refuseBytes(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return void socket.destroy();
  const problem = problemOfStatus(STATUS_OF_CLIENT_ERROR[error.code ?? ''] ?? 400);
  const correlationId = uuidv7();
  const body = JSON.stringify(problemDocument(problem, '', correlationId));
  socket.end(
    [
      `HTTP/1.1 ${problem.status} Refused`,
      `Content-Type: ${PROBLEM_TYPE}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      `${CORRELATION_HEADER}: ${correlationId}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

/** Answers addresses that cannot be routed: malformed escapes, parameters that are too long. No hook has run. */
function refuseAddress(error: Error & { statusCode?: number }, request: FastifyRequest, reply: FastifyReply): void {
  reply.header(CORRELATION_HEADER, request.id);
  sendProblem(request, reply, problemOfStatus(error.statusCode ?? 400));
}

/** How Fastify serves: bounds on everything that a client can send or hold open (requirement D5). */
export function fastifyOptions(config: AppConfig): FastifyHttpOptions<RawServerDefault> {
  return {
    logger: false,
    bodyLimit: config.api.bodyLimitBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    trustProxy: config.api.trustedProxies.length > 0 ? [...config.api.trustedProxies] : false,
    // A request that reached us is answered, also on the way out; balancers were told by readiness (serve.ts).
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    genReqId: (request) => correlationIdOf(request.headers),
    frameworkErrors: refuseAddress,
    clientErrorHandler: refuseBytes,
    routerOptions: { maxParamLength: PARAMETER_LENGTH_MAX },
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: TIMEOUT_CHECK_MS },
  };
}
