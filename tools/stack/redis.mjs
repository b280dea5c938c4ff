import { connect } from 'node:net';
import { join } from 'node:path';
import { privateFolder, writePrivate } from './home.mjs';
import { launch, untilReady } from './processes.mjs';

/** Queues, locks and sessions must survive a crash and may never be evicted; a cache is the contrary. */
const KINDS = {
  queues: ['appendonly yes', 'appendfsync everysec', 'save ""', 'maxmemory-policy noeviction'],
  cache: ['appendonly no', 'save ""', 'maxmemory 128mb', 'maxmemory-policy allkeys-lru'],
};

/** Sends one PING and says whether the server answered PONG (it answers LOADING while it reads its file). */
export function answersPing(port, password) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    let answer = '';
    const finish = (outcome) => {
      socket.destroy();
      resolve(outcome);
    };
    socket.setTimeout(1000, () => finish(false));
    socket.once('error', () => finish(false));
    socket.once('close', () => finish(false));
    socket.once('connect', () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    socket.on('data', (chunk) => {
      answer += chunk;
      if (answer.includes('+PONG')) finish(true);
      else if (/^-/m.test(answer)) finish(false);
    });
  });
}

/**
 * Starts a private Redis and waits until it answers.
 * @param {{ kind: 'queues'|'cache', binary: string, home: string, port: number, password: string, logFile: string, ledger }} options
 */
export async function startRedis({ kind, binary, home, port, password, logFile, ledger }) {
  const dir = privateFolder(join(home, 'redis', kind));
  const config = join(home, 'redis', `${kind}.conf`);
  // The password stands in a file, not on the command line, where every user of the machine could read it.
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    `dir "${dir}"`,
    'daemonize no',
    ...KINDS[kind],
  ];
  writePrivate(config, `${lines.join('\n')}\n`);
  const service = await launch({ name: `Redis (${kind})`, command: binary, args: [config], cwd: dir, logFile, ledger });
  await untilReady(service, () => answersPing(port, password));
  return service;
}

/** A connection URL for one of the logical databases. */
export const redisUrl = (port, password, database) =>
  `redis://:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
