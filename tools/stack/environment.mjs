import { DEFAULT_NAMES } from './bootstrap-sql.mjs';
import { S3_BUCKET } from './node-servers.mjs';
import { redisUrl } from './redis.mjs';

/** Redis URLs by role: the three that must not lose anything share one server, the cache has its own. */
export function redisUrls({ ports, secrets }) {
  return {
    queues: redisUrl(ports.queues, secrets.redis, 0),
    cache: redisUrl(ports.cache, secrets.redis, 1),
    locks: redisUrl(ports.queues, secrets.redis, 2),
    sessions: redisUrl(ports.queues, secrets.redis, 3),
  };
}

function serverVariables({ ports, secrets }) {
  const { owner, app, tenantDatabase, landlordDatabase } = DEFAULT_NAMES;
  const redis = redisUrls({ ports, secrets });
  return {
    DB_HOST: '127.0.0.1',
    DB_PORT: String(ports.postgres),
    DB_DATABASE: tenantDatabase,
    DB_LANDLORD_DATABASE: landlordDatabase,
    DB_USERNAME: app,
    DB_PASSWORD: secrets.app,
    DB_OWNER_USERNAME: owner,
    DB_OWNER_PASSWORD: secrets.owner,
    DB_SSL: 'disable',
    DB_PREPARED_STATEMENTS: 'true',
    REDIS_HOST: '127.0.0.1',
    REDIS_PORT: String(ports.queues),
    REDIS_PASSWORD: secrets.redis,
    REDIS_QUEUE_URL: redis.queues,
    REDIS_CACHE_URL: redis.cache,
    REDIS_LOCK_URL: redis.locks,
    REDIS_SESSION_URL: redis.sessions,
    S3_ENDPOINT: `http://127.0.0.1:${ports.s3}`,
    S3_REGION: 'eu-central-1',
    S3_BUCKET,
    S3_ACCESS_KEY_ID: 'quoin-local',
    S3_SECRET_ACCESS_KEY: secrets.s3,
    S3_FORCE_PATH_STYLE: 'true',
    SMTP_URL: `smtp://127.0.0.1:${ports.smtp}`,
    MAIL_FROM: 'Quoin <no-reply@quoin.localhost>',
    PAYMENTS_SANDBOX_URL: `http://127.0.0.1:${ports.payments}`,
    PAYMENTS_SANDBOX_API_KEY: secrets.sandboxKey,
    PAYMENTS_SANDBOX_WEBHOOK_SECRET: secrets.sandboxWebhook,
  };
}

/** What the person may set for `npm start` in the shell; everything else is the stack's own. */
const TUNABLE = [
  'LOG_LEVEL',
  'API_BODY_LIMIT_BYTES',
  'API_RATE_LIMIT',
  'API_TENANT_RATE_LIMIT',
  'API_LOGIN_RATE_LIMIT',
  'API_REGISTRATION_RATE_LIMIT',
  'API_RESET_RATE_LIMIT',
  'API_SEARCH_RATE_LIMIT',
  'CORS_ORIGINS',
  'TRUSTED_PROXIES',
  'WORKER_QUEUES',
  'SHUTDOWN_GRACE_MS',
  'SHUTDOWN_READINESS_DELAY_MS',
  'DB_POOL_MAX',
  'DB_TIMEOUT',
  'DB_REPLICA_MAX_LAG',
  'AUTH_ACCESS_TTL_S',
  'AUTH_REFRESH_TTL_S',
  'SESSION_LIFETIME_MIN',
  'SESSION_ENCRYPT',
  'SESSION_COOKIE',
  'SESSION_SECURE_COOKIE',
  'SESSION_SAME_SITE',
  'WEB_URL',
  'EGRESS_PRIVATE_NETWORKS',
];

/** The tunable variables that are set in the shell. */
export function tuned() {
  return Object.fromEntries(TUNABLE.filter((name) => process.env[name]).map((name) => [name, process.env[name]]));
}

/**
 * The environment of Quoin's own processes on a stack; the names are those of libs/config.
 * @param {{ ports: Record<string, number>, secrets: Record<string, string> }} stack `ports` also holds `api` and `worker`
 * @param {{ appEnv: 'development'|'test', logLevel: string }} options
 */
export function quoinEnvironment(stack, { appEnv, logLevel }) {
  const { ports, secrets } = stack;
  const apiUrl = `http://127.0.0.1:${ports.api}`;
  return {
    APP_ENV: appEnv,
    LOG_LEVEL: logLevel,
    API_HOST: '127.0.0.1',
    API_PORT: String(ports.api),
    API_PUBLIC_URL: apiUrl,
    // One person plays many customers here; the product's own limits are for strangers.
    API_RATE_LIMIT: '6000',
    API_TENANT_RATE_LIMIT: '60000',
    API_LOGIN_RATE_LIMIT: '60',
    API_REGISTRATION_RATE_LIMIT: '60',
    API_RESET_RATE_LIMIT: '60',
    API_SEARCH_RATE_LIMIT: '600',
    TENANT_BASE_DOMAIN: 'quoin.localhost',
    WORKER_HOST: '127.0.0.1',
    WORKER_PORT: String(ports.worker),
    SHUTDOWN_READINESS_DELAY_MS: '0',
    AUTH_SIGNING_KEY: secrets.signingKey,
    AUTH_ISSUER: apiUrl,
    ENCRYPTION_KEYS: secrets.encryptionKeys,
    WEB_URL: 'http://{tenant}.quoin.localhost:5173',
    ...serverVariables(stack),
  };
}
