import fastifyHelmet from '@fastify/helmet';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AppConfig } from '#libs/config';
import type { FastifyReply, FastifyRequest } from 'fastify';

const YEAR_S = 31_536_000;
const PREFLIGHT_MAX_AGE_S = 600;

const ALLOWED_HEADERS = [
  'Authorization',
  'Content-Type',
  'X-Tenant',
  'X-Correlation-Id',
  'If-Match',
  'Idempotency-Key',
  'X-CSRF-Token',
  'X-Session',
  'X-Consistency-Token',
];
const EXPOSED_HEADERS = [
  'ETag',
  'Location',
  'Retry-After',
  'X-Consistency-Token',
  'X-Correlation-Id',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
];

/** The reference page brings its own scripts and styles, and nothing from anywhere else. */
const REFERENCE_CSP =
  "default-src 'none';script-src 'self';style-src 'self' 'unsafe-inline';img-src 'self' data:;connect-src 'self';font-src 'self';base-uri 'none';form-action 'none';frame-ancestors 'none'";

function relaxForReference(request: FastifyRequest, reply: FastifyReply, _payload: unknown, done: () => void): void {
  const path = request.routeOptions.url ?? '';
  if (path === '/docs' || path.startsWith('/docs/')) reply.header('Content-Security-Policy', REFERENCE_CSP);
  done();
}

/**
 * Answers are for one tenant and often one caller, and the address names neither (X-Tenant, token): a cache between
 * would hand them to others. Routes and files that may be kept say so themselves.
 */
function keepFromCaches(_request: FastifyRequest, reply: FastifyReply, _payload: unknown, done: () => void): void {
  if (!reply.hasHeader('Cache-Control')) reply.header('Cache-Control', 'no-store');
  done();
}

/** Headers that tell browsers how little they may do with an API (requirement D5). */
export async function protectBrowsers(app: NestFastifyApplication, { api, auth }: AppConfig): Promise<void> {
  const { corsOrigins } = api;
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"], frameAncestors: ["'none'"] },
    },
    strictTransportSecurity: { maxAge: YEAR_S, includeSubDomains: true },
    xFrameOptions: { action: 'deny' },
  });
  app.getHttpAdapter().getInstance().addHook('onSend', relaxForReference).addHook('onSend', keepFromCaches);
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
