import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { parse } from 'yaml';

interface Service {
  image: string;
  build?: { target: string };
  command?: string[];
  entrypoint?: string[];
  restart?: string;
  profiles?: string[];
  env_file?: string[];
  environment?: Record<string, string>;
  read_only?: boolean;
  cap_drop?: string[];
  ports?: string[];
  volumes?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
}
interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, null>;
  configs: Record<string, { content: string }>;
}

/** Bounded in memory, like the one that the bench measures (docs/performance.md). */
const API_FLAGS = ['--max-semi-space-size=8', '--max-old-space-size=256'];
const API_COMMAND = ['node', ...API_FLAGS, 'dist/apps/api/main.js'];

const root = process.cwd();
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const dockerfile = read('Dockerfile');
const { services, volumes, configs } = parse(read('compose.yaml'), { merge: true }) as Compose;
const example = parseEnv(read('.env.example')) as Record<string, string>;

/** The instructions of the last stage: the image that ships. */
const shipped = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));

describe('the Dockerfile', () => {
  it('builds in stages from one pinned Node and ships no development packages', () => {
    expect([...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, from]) => from)).toEqual([
      'node:24-slim',
      'base',
      'packages',
      'base',
      'base',
    ]);
    expect(dockerfile).toContain('npm ci --ignore-scripts');
    expect(dockerfile).toContain('npm prune --omit=dev');
    expect(shipped).toContain('COPY --from=build /app/node_modules node_modules');
  });

  it('runs as a user that owns none of the files', () => {
    expect(shipped).toMatch(/^USER 10001:10001$/m);
    expect(shipped.indexOf('USER')).toBeGreaterThan(shipped.lastIndexOf('COPY'));
    expect(shipped).not.toContain('--chown');
  });

  it('starts the api unless another process is asked for', () => {
    expect(shipped).toContain(`CMD ${JSON.stringify(API_COMMAND).replaceAll(',', ', ')}`);
    expect(services['api']?.command).toEqual(API_COMMAND);
    expect(shipped).toContain('MALLOC_ARENA_MAX=2');
    expect(read('tools/stack/memory.mjs')).toContain(`flags: ['${API_FLAGS.join("', '")}']`);
    expect(read('helm/quoin/templates/api-deployment.yaml')).toContain(`command: [${API_COMMAND.join(', ')}]`);
  });

  it('copies only what exists', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, paths]) => paths!.split(' '));
    expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const ignore = read('.dockerignore').split('\n');
    expect(ignore).toContain('*');
    expect(copied.map((path) => `!${path.split('/')[0]}`).filter((line) => !ignore.includes(line))).toEqual([]);
    expect(ignore).toContain('**/.env*');
  });
});

describe('compose.yaml', () => {
  const all = Object.entries(services);
  const lasting = all.filter(([, service]) => service.restart !== undefined);

  it('has the services of npm start', () => {
    expect(lasting.map(([name]) => name).toSorted()).toEqual([
      'api',
      'mail',
      'payments',
      'postgres-primary',
      'postgres-replica',
      'redis-cache',
      'redis-queues',
      's3',
      'worker',
    ]);
    expect(all.filter(([, { restart, profiles }]) => !restart && !profiles).map(([name]) => name)).toEqual([
      'bootstrap',
      'migrate',
    ]);
  });

  it('pins every image', () => {
    const tags = all.map(([, { image }]) => image.split(':')[1]);
    expect(tags.filter((tag) => tag === undefined || tag === 'latest')).toEqual([]);
    const own = all.filter(([, { image }]) => image.startsWith('quoin'));
    expect(own.every(([, { build }]) => build !== undefined && dockerfile.includes(` AS ${build.target}`))).toBe(true);
  });

  it('checks the health of whatever lasts, and waits for it', () => {
    expect(lasting.filter(([, service]) => service.healthcheck === undefined)).toEqual([]);
    for (const [, { depends_on: needs = {} }] of all) {
      for (const [name, { condition }] of Object.entries(needs)) {
        expect(condition).toBe(services[name]?.restart ? 'service_healthy' : 'service_completed_successfully');
      }
    }
    const needsOf = (name: string) => Object.keys(services[name]?.depends_on ?? {});
    expect(needsOf('api')).toEqual(['migrate', 'redis-queues', 'redis-cache', 's3', 'mail', 'payments']);
    expect(needsOf('worker')).toEqual(needsOf('api'));
    expect(needsOf('migrate')).toEqual(['bootstrap', 'postgres-replica']);
    expect(needsOf('postgres-replica')).toEqual(['postgres-primary']);
  });

  it('listens on this machine only', () => {
    const ports = all.flatMap(([, service]) => service.ports ?? []);
    expect(ports.length).toBeGreaterThan(8);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    expect(new Set(ports.map((port) => port.split(':')[1])).size).toBe(ports.length);
  });

  it('keeps queues for good and lets the cache evict', () => {
    const settings = (name: string) => services[name]?.command?.join(' ') ?? '';
    expect(settings('redis-queues')).toMatch(/--appendonly yes .*--maxmemory-policy noeviction/);
    expect(settings('redis-cache')).toMatch(/--appendonly no .*--maxmemory-policy allkeys-lru/);
  });

  it('replicates through a slot that the primary makes', () => {
    expect(services['postgres-primary']?.command).toContain('wal_level=replica');
    const slot = /--slot=(\w+)/.exec(services['postgres-replica']?.command?.[0] ?? '')?.[1];
    expect(configs['replication']?.content).toContain(`pg_create_physical_replication_slot('${slot}')`);
  });

  it('gives Quoin the variables of .env.example, and the owner’s login to the migration alone', () => {
    for (const name of ['migrate', 'api', 'worker', 'cli']) {
      const service = services[name]!;
      expect(service.env_file).toEqual(['.env.example']);
      expect(Object.keys(service.environment ?? {}).filter((variable) => !(variable in example))).toEqual([]);
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
    }
    expect(services['migrate']?.environment).not.toHaveProperty('DB_OWNER_PASSWORD');
    for (const name of ['api', 'worker']) {
      expect(services[name]?.environment).toMatchObject({ DB_OWNER_USERNAME: '', DB_OWNER_PASSWORD: '' });
    }
  });

  it('tells both ends of a connection the same', () => {
    const quoin = { ...example, ...services['api']?.environment };
    expect(services['payments']?.environment).toMatchObject({
      SANDBOX_API_KEY: quoin['PAYMENTS_SANDBOX_API_KEY'],
      SANDBOX_WEBHOOK_SECRET: quoin['PAYMENTS_SANDBOX_WEBHOOK_SECRET'],
    });
    expect(services['s3']?.environment).toMatchObject({
      BUCKET: quoin['S3_BUCKET'],
      ACCESS_KEY_ID: quoin['S3_ACCESS_KEY_ID'],
      SECRET_ACCESS_KEY: quoin['S3_SECRET_ACCESS_KEY'],
    });
    const urls = ['S3_ENDPOINT', 'SMTP_URL', 'PAYMENTS_SANDBOX_URL', 'REDIS_CACHE_URL'];
    const hosts = urls.map((name) => new URL(quoin[name] ?? '').hostname);
    expect(
      hosts.concat(quoin['DB_HOST'] ?? '', quoin['REDIS_HOST'] ?? '').filter((host) => !(host in services)),
    ).toEqual([]);
  });

  it('names every volume and every script it uses', () => {
    const used = all.flatMap(([, service]) => service.volumes ?? []).map((volume) => volume.split(':')[0]!);
    expect(used.filter((volume) => !(volume in volumes))).toEqual([]);
    const scripts = all.flatMap(([, service]) => service.command ?? []).filter((word) => /^tools\/.*\.mjs$/.test(word));
    expect(scripts).toHaveLength(4);
    expect(scripts.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});
