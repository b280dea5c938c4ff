import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { ConfigurationError, loadConfig, loadProcessConfig } from './load-config.js';
import { variables } from './variables.js';

const example = parseEnv(readFileSync(join(process.cwd(), '.env.example'), 'utf8')) as Record<string, string>;

function faultsOf(environment: Record<string, string | undefined>): ConfigurationError {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('.env.example', () => {
  it('names exactly the variables of the schema', () => {
    expect(Object.keys(example).sort()).toEqual(Object.keys(variables.shape).sort());
  });

  it('loads as it is', () => {
    const config = loadConfig(example);
    expect(config.api.port).toBe(3000);
    expect(config.db.owner).toEqual({ username: 'quoin_owner', password: 'change-me-too' });
    expect(config.redis.queues).toBe('redis://127.0.0.1:6379/0');
    expect(config.redis.cache).toBe('redis://127.0.0.1:6380/1');
    expect(config.db.timeoutMs).toBe(5_000);
    expect(config.auth.signingKey.kid).toBe('example-only');
  });
});

describe('loadConfig', () => {
  it('names every missing variable at once', () => {
    const { faults, message } = faultsOf({});
    const named = faults.map((fault) => fault.variable);
    expect(named).toEqual(expect.arrayContaining(['APP_ENV', 'DB_HOST', 'REDIS_HOST', 'AUTH_SIGNING_KEY', 'SMTP_URL']));
    for (const variable of named) expect(message).toContain(`${variable} is missing`);
  });

  it('names wrong values and missing ones together, with what to do', () => {
    const { faults } = faultsOf({ ...example, API_PORT: '80a', CORS_ORIGINS: '*', DB_HOST: '', REDIS_HOST: '' });
    expect(faults.map((fault) => fault.variable).sort()).toEqual(['API_PORT', 'CORS_ORIGINS', 'DB_HOST', 'REDIS_HOST']);
    expect(faults.find((fault) => fault.variable === 'API_PORT')?.problem).toBe(
      'must be a whole number from 0 to 65535',
    );
    for (const fault of faults) expect(fault.remedy).not.toBe('');
  });

  it('never repeats a value, secrets least of all', () => {
    const { message } = faultsOf({
      ...example,
      AUTH_SIGNING_KEY: 'sesame-1',
      SMTP_URL: 'http://user:sesame-2@mail',
      REDIS_QUEUE_URL: 'http://:sesame-3@redis',
      API_PORT: 'sesame-4',
      DB_OWNER_USERNAME: '',
    });
    expect(message).not.toContain('sesame');
    expect(message).not.toContain('change-me');
    expect(message).toContain('DB_OWNER_USERNAME is missing');
  });

  it('runs without the owner’s credentials', () => {
    expect(loadConfig({ ...example, DB_OWNER_USERNAME: '', DB_OWNER_PASSWORD: '' }).db.owner).toBeUndefined();
  });

  it('needs no REDIS_HOST when every role has its URL', () => {
    const config = loadConfig({
      ...example,
      REDIS_HOST: '',
      REDIS_QUEUE_URL: 'redis://a/0',
      REDIS_CACHE_URL: 'redis://b/0',
      REDIS_LOCK_URL: 'rediss://c/0',
      REDIS_SESSION_URL: 'redis://d/0',
    });
    expect(config.redis).toEqual({
      queues: 'redis://a/0',
      cache: 'redis://b/0',
      locks: 'rediss://c/0',
      sessions: 'redis://d/0',
    });
  });

  it('reads from DB_HOST alone, or from replicas', () => {
    expect(loadConfig(example).db.clusters[0]).toMatchObject({ write: { host: '127.0.0.1', port: 5_432 }, reads: [] });
    const split = { ...example, DB_WRITE_HOST: 'main', DB_READ_HOST: 'copy:6000', DB_READ_HOST_2: 'other' };
    expect(loadConfig(split).db.clusters[0]).toMatchObject({
      write: { host: 'main', port: 5_432 },
      reads: [
        { host: 'copy', port: 6_000 },
        { host: 'other', port: 5_432 },
      ],
    });
  });

  it('refuses a replica that it would never read from', () => {
    const { faults } = faultsOf({ ...example, DB_READ_HOST_5: 'copy' });
    expect(faults).toEqual([expect.objectContaining({ variable: 'DB_READ_HOST_5', problem: 'is not known' })]);
  });

  it('puts the Redis password into the URLs, escaped', () => {
    const config = loadConfig({ ...example, REDIS_PASSWORD: 'p@ss/word' });
    expect(new URL(config.redis.locks)).toMatchObject({ password: 'p%40ss%2Fword', pathname: '/2' });
  });

  it('refuses the published keys where customers are', () => {
    const { faults } = faultsOf({ ...example, APP_ENV: 'production' });
    expect(faults.map(({ variable }) => variable)).toEqual(['AUTH_SIGNING_KEY', 'ENCRYPTION_KEYS']);
  });

  it('refuses a session’s cookie without Secure where customers are', () => {
    const cookie = { SESSION_COOKIE: 'true', SESSION_SECURE_COOKIE: 'false' };
    const { faults } = faultsOf({ ...example, ...cookie, APP_ENV: 'staging' });
    expect(faults.map(({ variable }) => variable)).toContain('SESSION_SECURE_COOKIE');
    expect(loadConfig({ ...example, ...cookie }).auth.sessionCookie.isSecure).toBe(false);
    expect(loadConfig(example).auth.sessionCookie).toEqual({ isOn: false, isSecure: true, sameSite: 'lax' });
  });

  it('takes several keys, the first to encrypt with, and refuses what is none', () => {
    const [one, other] = ['A', 'B'].map((letter) => letter.repeat(43));
    const { encryptionKeys } = loadConfig({ ...example, ENCRYPTION_KEYS: `new:${one}, old:${other}` });
    expect(encryptionKeys.map(({ kid, key }) => [kid, key.length])).toEqual([
      ['new', 32],
      ['old', 32],
    ]);
    for (const wrong of [`new:${one},new:${other}`, `new:${one}x`, one, `new:${one},`, ':']) {
      expect(faultsOf({ ...example, ENCRYPTION_KEYS: wrong }).faults).toHaveLength(1);
    }
  });

  it.each(['shop.example', 'ftp://shop.example', 'https://shop.example/?next=', 'https://{slug}.shop.example'])(
    'refuses %s as the address of the front end',
    (address) => {
      expect(faultsOf({ ...example, WEB_URL: address }).faults).toHaveLength(1);
    },
  );

  it.each(['https://shop.example/', 'https://shop.example/path', 'shop.example', 'null', '*'])(
    'refuses %s as an origin',
    (origin) => {
      expect(faultsOf({ ...example, CORS_ORIGINS: `https://ok.example,${origin}` }).faults).toHaveLength(1);
    },
  );

  it('takes lists with blanks', () => {
    const config = loadConfig({ ...example, TRUSTED_PROXIES: ' 10.0.0.0/8, ::1 ', WORKER_QUEUES: 'high,low' });
    expect(config.api.trustedProxies).toEqual(['10.0.0.0/8', '::1']);
    expect(config.worker.queues).toEqual(['high', 'low']);
  });
});

describe('loadProcessConfig', () => {
  let directory: string;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'quoin-config-'));
    copyFileSync('.env.example', join(directory, '.env'));
  });

  afterAll(() => rmSync(directory, { recursive: true }));

  it('reads .env in development, and the environment goes before it', () => {
    expect(loadProcessConfig({ API_PORT: '4000' }, directory).api.port).toBe(4_000);
    expect(loadProcessConfig({ APP_ENV: 'development' }, directory).api.port).toBe(3_000);
  });

  it('reads no file anywhere else', () => {
    expect(() => loadProcessConfig({ APP_ENV: 'production' }, directory)).toThrow(ConfigurationError);
    expect(() => loadProcessConfig({}, join(directory, 'empty'))).toThrow(ConfigurationError);
  });
});
