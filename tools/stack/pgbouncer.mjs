import { chownSync, readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { findPgBouncer } from './binaries.mjs';
import { clusterFolder, postgresUser, ROOT, writePrivate } from './home.mjs';
import { launch, untilReady } from './processes.mjs';
import { choosePorts } from './ports.mjs';
import { UserFault } from './progress.mjs';
import { ledgerOf } from './stack.mjs';
import { claimThrowAway, discard } from './throw-away.mjs';

/** The configuration that is shipped. */
const SHIPPED = join(ROOT, 'tools/pgbouncer/pgbouncer.ini');

/** The shipped configuration, filled in. What is changed must be in it: a test of another file would show nothing. */
function configuration(target, settings) {
  let text = readFileSync(SHIPPED, 'utf8')
    .replace('<primary.db.example.com>', target.host)
    .replace('<5432>', target.port);
  for (const [name, value] of Object.entries(settings)) {
    const line = new RegExp(`^${name} = .*$`, 'm');
    if (!line.test(text)) throw new Error(`${SHIPPED} does not set ${name}`);
    text = text.replace(line, `${name} = ${value}`);
  }
  return text;
}

/**
 * Starts a PgBouncer of the caller's own with the shipped configuration and waits until it takes connections.
 * @param {{ purpose: string, target: { host: string, port: number }, users: Record<string, string>,
 *   settings?: Record<string, string | number> }} options `purpose` tells two of one process apart; `users`: passwords by name;
 *   `settings`: what is to differ from the shipped file
 * @returns {Promise<{ port: number, stop(): Promise<void> }>}
 */
export async function startPgBouncer({ purpose, target, users, settings = {} }) {
  const command = findPgBouncer();
  if (!command) throw new UserFault('PgBouncer is missing; "npm test" installs it, or: apt-get install pgbouncer');
  const { home, suffix } = claimThrowAway(purpose);
  const { ports } = await choosePorts(join(home, 'ports.json'), ['pgbouncer'], { seed: home });
  const port = ports.pgbouncer;
  // Like PostgreSQL it refuses to run as root: its files are where that user may read them.
  const folder = clusterFolder(home, suffix);
  const [userlist, config] = [join(folder, 'userlist.txt'), join(folder, 'pgbouncer.ini')];
  const lines = Object.entries(users).map(([name, password]) => `"${name}" "${password}"\n`);
  writePrivate(userlist, lines.join(''));
  writePrivate(config, configuration(target, { listen_port: port, auth_file: userlist, ...settings }));
  const user = postgresUser();
  if (user) for (const path of [userlist, config]) chownSync(path, user.uid, user.gid);
  const logFile = join(home, 'pgbouncer.log');
  const service = await launch({
    name: 'PgBouncer',
    command,
    args: [config],
    cwd: folder,
    logFile,
    ledger: ledgerOf(home),
    user,
  });
  await untilReady(service, () => takesConnections(port));
  return { port, stop: () => discard(home) };
}

function takesConnections(port) {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    const finish = (outcome) => {
      socket.destroy();
      resolve(outcome);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}
