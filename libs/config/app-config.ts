import { endpointOf } from './clusters.js';
import type { Variables } from './variables.js';

function redisUrl(v: Variables, database: number): string {
  const login = v.REDIS_PASSWORD === undefined ? '' : `:${encodeURIComponent(v.REDIS_PASSWORD)}@`;
  return `redis://${login}${v.REDIS_HOST ?? 'localhost'}:${v.REDIS_PORT}/${database}`;
}

function owner(v: Variables): { readonly username: string; readonly password: string } | undefined {
  if (v.DB_OWNER_USERNAME === undefined || v.DB_OWNER_PASSWORD === undefined) return undefined;
  return { username: v.DB_OWNER_USERNAME, password: v.DB_OWNER_PASSWORD };
}

function api(v: Variables) {
  return {
    host: v.API_HOST,
    port: v.API_PORT,
    /** How clients reach the API; without a slash at the end. */
    publicUrl: v.API_PUBLIC_URL.replace(/\/+$/, ''),
    bodyLimitBytes: v.API_BODY_LIMIT_BYTES,
    /** Requests per minute, for tenants whose plan says nothing else: libs/throttling says what each counts. */
    rateLimits: {
      route: v.API_RATE_LIMIT,
      tenant: v.API_TENANT_RATE_LIMIT,
      login: v.API_LOGIN_RATE_LIMIT,
      registration: v.API_REGISTRATION_RATE_LIMIT,
      reset: v.API_RESET_RATE_LIMIT,
      search: v.API_SEARCH_RATE_LIMIT,
    },
    /** Origins that browsers may call from; empty means none. Never `*`. */
    corsOrigins: v.CORS_ORIGINS as readonly string[],
    /** Networks whose `X-Forwarded-*` headers are believed; empty means none. */
    trustedProxies: v.TRUSTED_PROXIES as readonly string[],
    /** `<slug>.<tenantBaseDomain>` is the tenant's host. */
    tenantBaseDomain: v.TENANT_BASE_DOMAIN,
  };
}

function worker(v: Variables) {
  return {
    host: v.WORKER_HOST,
    /** The worker's probes listen here. */
    port: v.WORKER_PORT,
    /** The queues that this worker serves; empty means all. */
    queues: v.WORKER_QUEUES as readonly string[],
  };
}

function clusters(v: Variables) {
  const at = (text: string) => endpointOf(text, v.DB_PORT);
  const { DB_READ_HOST, DB_READ_HOST_1, DB_READ_HOST_2, DB_READ_HOST_3, DB_READ_HOST_4 } = v;
  const readHosts = [DB_READ_HOST, DB_READ_HOST_1, DB_READ_HOST_2, DB_READ_HOST_3, DB_READ_HOST_4];
  const first = {
    name: 'default',
    write: at(v.DB_WRITE_HOST ?? v.DB_HOST),
    reads: readHosts.filter((host) => host !== undefined).map(at),
    region: v.DB_REGION,
    databases: [v.DB_DATABASE],
  };
  const others = v.DB_CLUSTERS.map(({ name, write, reads, region, databases = [v.DB_DATABASE] }) => {
    return { name, write: at(write), reads: reads.map(at), region, databases };
  });
  return [first, ...others];
}

/** Where new tenants are put. */
function placement(v: Variables) {
  return {
    /** Strategies, each choosing among what the one before it left. */
    strategies: v.TENANT_PLACEMENT.length > 0 ? v.TENANT_PLACEMENT : (['directory'] as const),
    /** The isolation model of tenants that sign up. */
    model: v.TENANT_ISOLATION,
    ranges: v.TENANT_RANGES,
    /** Region by country. */
    regions: v.TENANT_REGIONS,
  };
}

function db(v: Variables) {
  const { host, port } = endpointOf(v.DB_WRITE_HOST ?? v.DB_HOST, v.DB_PORT);
  return {
    /** The primary of the first cluster, where the landlord is too. */
    host,
    port,
    /** DB_HOST and DB_READ_HOST…, then those of DB_CLUSTERS. */
    clusters: clusters(v),
    /** A replica that is further behind serves nobody. */
    replicaLagMaxMs: v.DB_REPLICA_MAX_LAG * 1_000,
    /** The shared tenant database. */
    database: v.DB_DATABASE,
    landlordDatabase: v.DB_LANDLORD_DATABASE,
    username: v.DB_USERNAME,
    password: v.DB_PASSWORD,
    /** Migrations and the command line only: api and worker run without it. */
    owner: owner(v),
    poolMax: v.DB_POOL_MAX,
    /** For connecting and for a statement. */
    timeoutMs: v.DB_TIMEOUT * 1_000,
    ssl: v.DB_SSL,
    /** Prepare statements once per connection; not behind a pooler in transaction mode. */
    prepareStatements: v.DB_PREPARED_STATEMENTS,
  };
}

function cache(v: Variables) {
  return {
    /** First part of every key. */
    prefix: v.CACHE_PREFIX,
    /** Reads of the database on behalf of the cache: at once, and waiting. */
    sourceConcurrency: v.CACHE_SOURCE_CONCURRENCY,
    sourceQueue: v.CACHE_SOURCE_QUEUE,
    /** Slugs of tenants whose public pages are read when an API starts. */
    warmUpTenants: v.CACHE_WARM_UP_TENANTS as readonly string[],
    /** Seconds that public pages of the catalogue are kept; 0: not at all. */
    catalogueTtlS: v.CATALOGUE_CACHE_TTL_S,
  };
}

function redis(v: Variables) {
  return {
    queues: v.REDIS_QUEUE_URL ?? redisUrl(v, 0),
    cache: v.REDIS_CACHE_URL ?? redisUrl(v, 1),
    locks: v.REDIS_LOCK_URL ?? redisUrl(v, 2),
    sessions: v.REDIS_SESSION_URL ?? redisUrl(v, 3),
  };
}

function s3(v: Variables) {
  return {
    endpoint: v.S3_ENDPOINT,
    /** What signed links begin with, where clients do not reach `endpoint`. */
    publicEndpoint: v.S3_PUBLIC_ENDPOINT ?? v.S3_ENDPOINT,
    region: v.S3_REGION,
    bucket: v.S3_BUCKET,
    accessKeyId: v.S3_ACCESS_KEY_ID,
    secretAccessKey: v.S3_SECRET_ACCESS_KEY,
    forcePathStyle: v.S3_FORCE_PATH_STYLE,
  };
}

function auth(v: Variables) {
  return {
    signingKey: v.AUTH_SIGNING_KEY,
    issuer: v.AUTH_ISSUER,
    accessTtlS: v.AUTH_ACCESS_TTL_S,
    refreshTtlS: v.AUTH_REFRESH_TTL_S,
    /** A session without a request for this long has ended; minutes. */
    sessionLifetimeMin: v.SESSION_LIFETIME_MIN,
    /** What Redis remembers of sessions is encrypted under `encryptionKeys`. */
    sessionEncrypt: v.SESSION_ENCRYPT,
    /** Browsers may keep their session in a cookie, with these attributes. */
    sessionCookie: { isOn: v.SESSION_COOKIE, isSecure: v.SESSION_SECURE_COOKIE, sameSite: v.SESSION_SAME_SITE },
  };
}

function egress(v: Variables) {
  return {
    /** Private networks that requests to addresses given by tenants may go to nevertheless; empty means none. */
    privateNetworks: v.EGRESS_PRIVATE_NETWORKS as readonly string[],
    /** Without TLS, to those networks alone. */
    plainHttp: v.APP_ENV === 'development' || v.APP_ENV === 'test',
  };
}

function payments(v: Variables) {
  return {
    sandbox: {
      url: v.PAYMENTS_SANDBOX_URL.replace(/\/+$/, ''),
      apiKey: v.PAYMENTS_SANDBOX_API_KEY,
      webhookSecret: v.PAYMENTS_SANDBOX_WEBHOOK_SECRET,
    },
  };
}

/** The whole configuration of a process, typed and checked; also the token under which it is injected. */
export class AppConfig {
  readonly environment: Variables['APP_ENV'];
  readonly logLevel: Variables['LOG_LEVEL'];
  readonly api: ReturnType<typeof api>;
  readonly worker: ReturnType<typeof worker>;
  /** After a stop signal, work in flight has `graceMs`; the API goes on serving for `readinessDelayMs` of it. */
  readonly shutdown: { readonly graceMs: number; readonly readinessDelayMs: number };
  readonly db: ReturnType<typeof db>;
  readonly placement: ReturnType<typeof placement>;
  /** One URL per role: they may be four databases of one server or four servers. */
  readonly redis: ReturnType<typeof redis>;
  readonly cache: ReturnType<typeof cache>;
  readonly s3: ReturnType<typeof s3>;
  readonly mail: { readonly smtpUrl: string; readonly from: string };
  readonly auth: ReturnType<typeof auth>;
  /** For secrets at rest: the first encrypts, all of them decrypt. */
  readonly encryptionKeys: Variables['ENCRYPTION_KEYS'];
  /** Where people use Quoin: links in mails begin with it. `{tenant}` stands for the slug; no slash at the end. */
  readonly webUrl: string;
  /** Requests to addresses that tenants gave. */
  readonly egress: ReturnType<typeof egress>;
  readonly payments: ReturnType<typeof payments>;

  constructor(v: Variables) {
    this.environment = v.APP_ENV;
    this.logLevel = v.LOG_LEVEL;
    this.api = api(v);
    this.worker = worker(v);
    this.shutdown = { graceMs: v.SHUTDOWN_GRACE_MS, readinessDelayMs: v.SHUTDOWN_READINESS_DELAY_MS };
    this.db = db(v);
    this.placement = placement(v);
    this.redis = redis(v);
    this.cache = cache(v);
    this.s3 = s3(v);
    this.mail = { smtpUrl: v.SMTP_URL, from: v.MAIL_FROM };
    this.auth = auth(v);
    this.encryptionKeys = v.ENCRYPTION_KEYS;
    this.webUrl = v.WEB_URL.replace(/\/+$/, '');
    this.egress = egress(v);
    this.payments = payments(v);
  }
}
