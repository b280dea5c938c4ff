import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AppConfig } from '#libs/config';
import type { FastifyReply, FastifyRequest } from 'fastify';

const PREFLIGHT_MAX_AGE_S = 600;

const ALLOWED_HEADERS = [
  'Authorization',
  'Content-Type',
  'X-Tenant',
  'X-Correlation-Id',
  'If-Match',
  'If-None-Match',
  'Idempotency-Key',
  'X-CSRF-Token',
  'X-Session',
  'X-Consistency-Token',
  'traceparent',
  'tracestate',
];
const EXPOSED_HEADERS = [
  'ETag',
  'Idempotency-Replayed',
  'Location',
  'Retry-After',
  'X-Consistency-Token',
  'X-Correlation-Id',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
];

/**
 * The same for every answer, so they are put together once and not by a package before each request. An answer of an API is
 * no page: it loads nothing, is framed by nobody, is read by scripts of the listed origins alone, and only over TLS for a year.
 */
const STRICT = {
  'Content-Security-Policy': "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'X-Permitted-Cross-Domain-Policies': 'none',
};

/** The reference page brings its own scripts and styles, and nothing from anywhere else. */
const FOR_REFERENCE = {
  ...STRICT,
  'Content-Security-Policy':
    "default-src 'none';script-src 'self';style-src 'self' 'unsafe-inline';img-src 'self' data:;connect-src 'self';font-src 'self';base-uri 'none';form-action 'none';frame-ancestors 'none'",
};

function isOfReference(request: FastifyRequest): boolean {
  return request.url.startsWith('/docs') && /^\/docs(\/|$)/.test(request.routeOptions.url ?? '');
}

/**
 * Answers are for one tenant and often one caller, and the address names neither (X-Tenant, token): a cache between
 * would hand them to others. Routes and files that may be kept say so themselves.
 */
function protect(request: FastifyRequest, reply: FastifyReply, _payload: unknown, done: () => void): void {
  reply.headers(isOfReference(request) ? FOR_REFERENCE : STRICT);
  if (!reply.hasHeader('Cache-Control')) reply.header('Cache-Control', 'no-store');
  done();
}

/** Headers that tell browsers how little they may do with an API (requirement D5). */
export function protectBrowsers(app: NestFastifyApplication, { api, auth }: AppConfig): void {
  const { corsOrigins } = api;
  app.getHttpAdapter().getInstance().addHook('onSend', protect);
  // Without origins no CORS header is ever sent: browsers then refuse pages of other origins by themselves.
  if (corsOrigins.length === 0) return;
  app.enableCors({
    origin: [...corsOrigins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ALLOWED_HEADERS,
    exposedHeaders: EXPOSED_HEADERS,
    // Pages of these origins may use the session's cookie, where there are such.
    credentials: auth.sessionCookie.isOn,
    maxAge: PREFLIGHT_MAX_AGE_S,
    // The plugin would refuse other OPTIONS requests with a text that is no problem document.
    strictPreflight: false,
  });
}
