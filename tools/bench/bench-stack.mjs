import { join } from 'node:path';
import pg from 'pg';
import { DEFAULT_NAMES } from '../stack/bootstrap-sql.mjs';
import { quoinEnvironment, redisUrls } from '../stack/environment.mjs';
import { ROOT } from '../stack/home.mjs';
import { API_MEMORY } from '../stack/memory.mjs';
import { choosePorts } from '../stack/ports.mjs';
import { launch, run, stop, untilReady } from '../stack/processes.mjs';
import { UserFault } from '../stack/progress.mjs';
import { SERVER_PORTS, Stack } from '../stack/stack.mjs';

const PROCESSES = ['api', 'uncached', 'bare'];
/** Connections of the api, and of the bare server that it is compared with. */
const POOL_MAX = 16;

/** What the measured processes run with: everything on, and limits that measuring does not reach. */
const SETTINGS = {
  NODE_ENV: 'production',
  API_RATE_LIMIT: '1000000',
  API_LOGIN_RATE_LIMIT: '1000000',
  API_PUBLIC_URL: 'https://bench.quoin.example',
  AUTH_ISSUER: 'https://bench.quoin.example',
  AUTH_ACCESS_TTL_S: '86400',
  DB_POOL_MAX: String(POOL_MAX),
};

const API = join(ROOT, 'dist/apps/api/main.js');
const PROFILER = join(ROOT, 'tools/bench/profiler.mjs');

/** What the person may set for the measured processes: their options of Node.js, to see what becomes of memory and rates. */
function inherited() {
  const { PATH, HOME, NODE_OPTIONS } = process.env;
  return { PATH, HOME, ...(NODE_OPTIONS && { NODE_OPTIONS }) };
}

async function answers(url) {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch (error) {
    if (error instanceof TypeError || error.name === 'TimeoutError') return false;
    throw error;
  }
}

/**
 * The servers and processes that are measured, on ports of their own: PostgreSQL with durable commits, both Redis, the compiled
 * api with and without its cache, and the bare server.
 */
export class BenchStack {
  /**
   * @param {{ home: string, suffix: string }} place kept, or thrown away by its owner
   * @param {{ profiles?: boolean }} options whether the api can be told to write a CPU profile
   */
  constructor(place, { profiles = false } = {}) {
    this.place = place;
    this.profiles = profiles;
  }

  async openServers() {
    const { home } = this.place;
    const { ports } = await choosePorts(join(home, 'ports.json'), [...SERVER_PORTS, ...PROCESSES, 'worker'], {
      seed: home,
    });
    this.stack = new Stack({ ...this.place, ports });
    await this.stack.startPrimary();
    await this.#countStatements();
    await this.stack.startRedis('queues');
    await this.stack.startRedis('cache');
  }

  /** pg_stat_statements is loaded with the server, so that --profile can ask it. */
  async #countStatements() {
    const { primary } = this.stack;
    await primary.sql(`alter system set shared_preload_libraries = 'pg_stat_statements'`);
    await primary.stop();
    await primary.start();
    await primary.sql('create extension if not exists pg_stat_statements', DEFAULT_NAMES.tenantDatabase);
  }

  get ports() {
    return this.stack.ports;
  }

  get environment() {
    return { ...quoinEnvironment(this.stack, { appEnv: 'production', logLevel: 'info' }), ...SETTINGS };
  }

  url(name) {
    return `http://127.0.0.1:${this.ports[name]}`;
  }

  async migrate() {
    const { code, stdout, stderr } = await run(process.execPath, [join(ROOT, 'dist/apps/cli/main.js'), 'migrate'], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, ...this.environment },
    });
    if (code !== 0) throw new UserFault(`The migrations failed:\n${`${stdout}${stderr}`.slice(-2_000)}`);
  }

  /** @param {'api' | 'uncached'} name a second api, whose catalogue is never cached, listens beside the first */
  async startApi(name = 'api') {
    const { DB_OWNER_USERNAME: _user, DB_OWNER_PASSWORD: _password, ...environment } = this.environment;
    const own = name === 'uncached' ? { CATALOGUE_CACHE_TTL_S: '0' } : {};
    this[name] = await this.#launch(
      name,
      [...(this.profiles ? [`--import=${PROFILER}`] : []), ...API_MEMORY.flags, API],
      {
        ...environment,
        ...own,
        API_PORT: String(this.ports[name]),
        BENCH_PROFILE: join(this.place.home, `${name}.cpuprofile`),
      },
    );
    await untilReady(this[name], () => answers(`${this.url(name)}/readyz`), 60_000);
    return this[name];
  }

  async startBare() {
    const { app, tenantDatabase } = DEFAULT_NAMES;
    this.bare = await this.#launch('bare', [join(ROOT, 'tools/bench/bare/server.mjs')], {
      NODE_ENV: 'production',
      PORT: String(this.ports.bare),
      REDIS_URL: redisUrls(this.stack).cache,
      DATABASE_URL: this.stack.primary.url(app, this.stack.secrets.app, tenantDatabase),
      POOL_MAX: String(POOL_MAX),
    });
    await untilReady(this.bare, () => answers(`${this.url('bare')}/uncached/1`));
    return this.bare;
  }

  #launch(name, args, env) {
    return launch({
      name: `bench ${name}`,
      command: process.execPath,
      args,
      env: { ...inherited(), ...API_MEMORY.env, ...env },
      cwd: ROOT,
      logFile: this.stack.log(name),
      ledger: this.stack.ledger,
    });
  }

  /** Ends one of the processes. */
  async end(name) {
    await stop(this[name]);
    this.stack.ledger.remove(`bench ${name}`);
  }

  /** A connection of the superuser; the caller ends it. */
  async superuser(database) {
    const client = new pg.Client(this.stack.primary.superuserUrl.replace(/\/postgres$/, `/${database}`));
    // A server that is stopped (Ctrl-C) ends idle connections: whoever asks next is told, and nobody dies of it.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  /** Runs work with the superuser's connections to the tenants' database and the landlord's. */
  async withDatabases(work) {
    const tenant = await this.superuser(DEFAULT_NAMES.tenantDatabase);
    const landlord = await this.superuser(DEFAULT_NAMES.landlordDatabase);
    try {
      return await work({ tenant, landlord });
    } finally {
      await Promise.all([tenant.end(), landlord.end()]);
    }
  }
}
