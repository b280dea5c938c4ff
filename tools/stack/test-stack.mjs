import { join } from 'node:path';
import { DEFAULT_NAMES } from './bootstrap-sql.mjs';
import { quoinEnvironment, redisUrls } from './environment.mjs';
import { S3_BUCKET } from './node-servers.mjs';
import { privateFolder, writePrivate } from './home.mjs';
import { stopAll } from './processes.mjs';
import { choosePorts } from './ports.mjs';
import { SERVER_PORTS, Stack, ledgerOf } from './stack.mjs';

/** What the tests need to know: where the servers are and how to enter them; `env` is the environment for a process of ours. */
function describe(stack) {
  const { ports, secrets, primary } = stack;
  const { owner, app, dispatcher, landlordDatabase, tenantDatabase } = DEFAULT_NAMES;
  const postgres = {
    host: '127.0.0.1',
    port: ports.postgres,
    superuser: primary.superuserUrl,
    owner: { username: owner, password: secrets.owner },
    app: { username: app, password: secrets.app },
    dispatcher,
    landlordDatabase,
    tenantDatabase,
    primary: stack.postgresUrls(primary),
  };
  return {
    kind: 'test',
    postgres,
    redis: {
      host: '127.0.0.1',
      port: ports.queues,
      cachePort: ports.cache,
      password: secrets.redis,
      ...redisUrls(stack),
    },
    s3: `http://127.0.0.1:${ports.s3}`,
    s3Credentials: {
      region: 'eu-central-1',
      bucket: S3_BUCKET,
      accessKeyId: 'quoin-local',
      secretAccessKey: secrets.s3,
    },
    smtp: `smtp://127.0.0.1:${ports.smtp}`,
    mail: `http://127.0.0.1:${ports.mail}`,
    logs: join(stack.home, 'logs'),
    env: quoinEnvironment(stack, { appEnv: 'test', logLevel: 'warn' }),
  };
}

/**
 * Starts the servers the tests use (one PostgreSQL without durability, two Redis, S3, mail) and writes `<home>/stack.json`.
 * @param {{ home: string, suffix: string, step: typeof import('./progress.mjs').step }} options
 * @returns {Promise<{ stack: Stack, description: string }>} `description` is the path of stack.json
 */
export async function openTestStack({ home, suffix, step }) {
  privateFolder(home);
  // First, or the ports of what an earlier, killed command left running would count as taken.
  await stopAll(ledgerOf(home));
  const names = [...SERVER_PORTS, 'api', 'worker'];
  const { ports } = await choosePorts(join(home, 'ports.json'), names, { seed: home });
  const stack = new Stack({ home, suffix, ports, throwAway: true });
  try {
    await step('PostgreSQL', () => stack.startPrimary());
    await step('Redis for queues, locks and sessions', () => stack.startRedis('queues'));
    await step('Redis for the cache', () => stack.startRedis('cache'));
    await step('S3 server', () => stack.startS3());
    await step('Mail catcher', () => stack.startMail());
    const description = join(home, 'stack.json');
    writePrivate(description, `${JSON.stringify(describe(stack), null, 2)}\n`);
    return { stack, description };
  } catch (error) {
    await stack.stop();
    throw error;
  }
}
