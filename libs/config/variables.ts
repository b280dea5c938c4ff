import { isIP } from 'node:net';
import { z } from 'zod';
import { encryptionKeys } from './encryption-keys.js';
import { clusterList, json, server, tenantRanges, tenantRegions } from './clusters.js';
import { flag, listOf, text, url, wholeNumber } from './fields.js';
import { signingKey } from './signing-key.js';

const HOUR_MS = 3_600_000;
const YEAR_S = 31_536_000;

function isOrigin(entry: string): boolean {
  return URL.canParse(entry) && /^https?:$/.test(new URL(entry).protocol) && new URL(entry).origin === entry;
}

function isNetwork(entry: string): boolean {
  const [address = '', bits, ...rest] = entry.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  // /0 would be everybody.
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) > 0 && Number(bits) <= (version === 4 ? 32 : 128))
  );
}

function isWebUrl(entry: string): boolean {
  const filled = entry.replaceAll('{tenant}', 'acme');
  if (!URL.canParse(filled) || !/^https?:$/.test(new URL(filled).protocol)) return false;
  return !/[?#{}]/.test(filled);
}

const STRATEGIES = ['region', 'range', 'hash', 'directory'] as const;
type Strategy = (typeof STRATEGIES)[number];

function isStrategy(entry: string): boolean {
  return (STRATEGIES as readonly string[]).includes(entry);
}

function perMinute() {
  return wholeNumber(1, 1_000_000_000);
}

function isSlug(entry: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(entry);
}

function isQueueName(entry: string): boolean {
  return /^[a-z][a-z-]*$/.test(entry);
}

/** Every environment variable that Quoin reads. .env.example names the same ones and says what each is for (G13). */
export const variables = z.object({
  APP_ENV: z.enum(['development', 'test', 'staging', 'production'], {
    message: 'must be development, test, staging or production',
  }),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      message: 'must be fatal, error, warn, info, debug, trace or silent',
    })
    .default('info'),

  API_HOST: text().default('127.0.0.1'),
  API_PORT: wholeNumber(0, 65_535).prefault('3000'),
  API_PUBLIC_URL: url('http', 'https'),
  API_BODY_LIMIT_BYTES: wholeNumber(1_024, 104_857_600).prefault('1048576'),
  API_RATE_LIMIT: perMinute().prefault('60'),
  API_TENANT_RATE_LIMIT: perMinute().prefault('6000'),
  API_LOGIN_RATE_LIMIT: perMinute().prefault('10'),
  API_REGISTRATION_RATE_LIMIT: perMinute().prefault('5'),
  API_RESET_RATE_LIMIT: perMinute().prefault('5'),
  API_SEARCH_RATE_LIMIT: perMinute().prefault('30'),
  CORS_ORIGINS: listOf(
    isOrigin,
    'must be a comma-separated list of origins such as https://shop.example; * is refused',
  ),
  TRUSTED_PROXIES: listOf(isNetwork, 'must be a comma-separated list of IP addresses or CIDR networks'),
  TENANT_BASE_DOMAIN: z
    .string()
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/, { message: 'must be a domain name in lower case' }),

  WORKER_HOST: text().default('127.0.0.1'),
  WORKER_PORT: wholeNumber(0, 65_535).prefault('3001'),
  WORKER_QUEUES: listOf(isQueueName, 'must be a comma-separated list of queue names; empty means all'),
  SHUTDOWN_GRACE_MS: wholeNumber(0, HOUR_MS).prefault('25000'),
  SHUTDOWN_READINESS_DELAY_MS: wholeNumber(0, HOUR_MS).prefault('0'),

  DB_HOST: text(),
  DB_PORT: wholeNumber(1, 65_535).prefault('5432'),
  DB_WRITE_HOST: server().optional(),
  DB_READ_HOST: server().optional(),
  DB_READ_HOST_1: server().optional(),
  DB_READ_HOST_2: server().optional(),
  DB_READ_HOST_3: server().optional(),
  DB_READ_HOST_4: server().optional(),
  DB_REPLICA_MAX_LAG: wholeNumber(1, 3_600).prefault('60'),
  DB_REGION: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{0,39}$/, { message: 'must be a name in lower case' })
    .optional(),
  DB_CLUSTERS: json(clusterList).prefault('[]'),
  DB_DATABASE: text(),
  DB_LANDLORD_DATABASE: text(),
  DB_USERNAME: text(),
  DB_PASSWORD: text(),
  DB_OWNER_USERNAME: text().optional(),
  DB_OWNER_PASSWORD: text().optional(),
  DB_POOL_MAX: wholeNumber(1, 1_000).prefault('10'),
  DB_TIMEOUT: wholeNumber(1, 3_600).prefault('5'),
  DB_SSL: z
    .enum(['disable', 'require', 'verify-full'], { message: 'must be disable, require or verify-full' })
    .default('disable'),
  DB_PREPARED_STATEMENTS: flag().prefault('false'),

  TENANT_PLACEMENT: listOf(isStrategy, 'must be some of region, range, hash, directory, comma-separated').transform(
    (names) => names as Strategy[],
  ),
  TENANT_ISOLATION: z
    .enum(['shared', 'schema', 'database'], { message: 'must be shared, schema or database' })
    .default('shared'),
  TENANT_RANGES: json(tenantRanges).prefault('[]'),
  TENANT_REGIONS: json(tenantRegions).prefault('{}'),

  REDIS_HOST: text().optional(),
  REDIS_PORT: wholeNumber(1, 65_535).prefault('6379'),
  REDIS_PASSWORD: text().optional(),
  REDIS_QUEUE_URL: url('redis', 'rediss').optional(),
  REDIS_CACHE_URL: url('redis', 'rediss').optional(),
  REDIS_LOCK_URL: url('redis', 'rediss').optional(),
  REDIS_SESSION_URL: url('redis', 'rediss').optional(),

  CACHE_PREFIX: z
    .string()
    .regex(/^[\w.:-]{1,50}$/, { message: 'must be up to 50 letters, digits, dots, colons and hyphens' })
    .default('quoin:'),
  CACHE_SOURCE_CONCURRENCY: wholeNumber(1, 1_000).prefault('6'),
  CACHE_SOURCE_QUEUE: wholeNumber(0, 100_000).prefault('256'),
  CACHE_WARM_UP_TENANTS: listOf(isSlug, 'must be a comma-separated list of tenants by their slugs'),
  CATALOGUE_CACHE_TTL_S: wholeNumber(0, 86_400).prefault('600'),

  S3_ENDPOINT: url('http', 'https'),
  S3_PUBLIC_ENDPOINT: url('http', 'https').optional(),
  S3_REGION: text().default('us-east-1'),
  S3_BUCKET: text(),
  S3_ACCESS_KEY_ID: text(),
  S3_SECRET_ACCESS_KEY: text(),
  S3_FORCE_PATH_STYLE: flag().prefault('false'),

  SMTP_URL: url('smtp', 'smtps'),
  MAIL_FROM: z.string().regex(/^[^\r\n]*[^\s@<>]+@[^\s@<>]+>?$/, { message: 'must be an address: Name <name@domain>' }),

  AUTH_SIGNING_KEY: signingKey,
  AUTH_ISSUER: text(),
  AUTH_ACCESS_TTL_S: wholeNumber(30, 86_400).prefault('900'),
  AUTH_REFRESH_TTL_S: wholeNumber(60, YEAR_S).prefault('2592000'),
  SESSION_LIFETIME_MIN: wholeNumber(1, 525_600).prefault('120'),
  SESSION_ENCRYPT: flag().prefault('false'),
  SESSION_COOKIE: flag().prefault('false'),
  SESSION_SECURE_COOKIE: flag().prefault('true'),
  SESSION_SAME_SITE: z.enum(['lax', 'strict'], { message: 'must be lax or strict' }).default('lax'),

  ENCRYPTION_KEYS: encryptionKeys,
  WEB_URL: z.string().refine((value) => isWebUrl(value), {
    message: 'must be an http or https URL, with {tenant} where the slug goes, without a query or fragment',
  }),
  EGRESS_PRIVATE_NETWORKS: listOf(isNetwork, 'must be a comma-separated list of IP addresses or CIDR networks'),

  PAYMENTS_SANDBOX_URL: url('http', 'https'),
  PAYMENTS_SANDBOX_API_KEY: text(),
  PAYMENTS_SANDBOX_WEBHOOK_SECRET: text(),
});

/** The parsed values by the names of their variables. */
export type Variables = z.output<typeof variables>;
