import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { findPgBouncer, findPostgres, findRedis } from './binaries.mjs';
import { LOCAL, ROOT, isRoot, privateFolder } from './home.mjs';
import { tail } from './processes.mjs';
import { UserFault, step } from './progress.mjs';

const POSTGRES_MIN = 15;
const REDIS_MIN = 6.2;

/** How a command is run as root: words to put before it. @throws {UserFault} when there is no way */
function privilege(packages) {
  if (isRoot()) return [];
  const sudo = spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' });
  if (sudo.status === 0) return ['sudo', '-n'];
  // sudo asks for the password on the terminal itself; without one there is nobody to ask.
  if (!sudo.error && process.stdin.isTTY) return ['sudo'];
  throw new UserFault(
    `${listed(packages)} must be installed, which needs root or sudo; ask for: apt-get install ${packages.join(' ')}`,
  );
}

const NAMES = { postgresql: 'PostgreSQL', 'redis-server': 'Redis', pgbouncer: 'PgBouncer' };

const listed = (packages) => packages.map((name) => NAMES[name]).join(' and ');

function missingPackages(forTests) {
  return [
    ...(findPostgres() ? [] : ['postgresql']),
    ...(findRedis() ? [] : ['redis-server']),
    ...(!forTests || findPgBouncer() ? [] : ['pgbouncer']),
  ];
}

function installationFault(packages, logFile) {
  const log = tail(logFile, 40);
  const what = `Installing ${listed(packages)} failed`;
  if (/Could not resolve|Temporary failure|Failed to fetch|Unable to connect|Could not connect/.test(log)) {
    return new UserFault(`${what}: the package server cannot be reached; is there a network? (${logFile})`);
  }
  if (/No space left|enough free space/.test(log)) return new UserFault(`${what}: the disk is full. (${logFile})`);
  const reason = log.split('\n').findLast((line) => line.startsWith('E: ')) ?? 'apt-get refused.';
  return new UserFault(`${what}: ${reason.replace(/^E: /, '')} (${logFile})`);
}

function runInstaller(packages, logFile) {
  const prefix = privilege(packages);
  const [command, ...args] = [...prefix, 'sh', join(ROOT, 'tools/stack/install-packages.sh'), ...packages];
  const log = openSync(logFile, 'a', 0o600);
  // In a session of its own, Ctrl-C cannot break dpkg half-way; only a sudo that asks for a password needs our terminal.
  const detached = prefix.length !== 1;
  const child = spawn(command, args, { stdio: ['inherit', log, log], detached, cwd: '/' });
  closeSync(log);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
}

function requireVersion(program, binary, minimum) {
  const { stdout } = spawnSync(binary, ['--version'], { encoding: 'utf8', cwd: '/' });
  const version = Number(/(?:v=|PostgreSQL\) )(\d+(?:\.\d+)?)/.exec(stdout)?.[1]);
  if (!(version >= minimum))
    throw new UserFault(
      `${program} ${minimum} or newer is needed; ${binary} is ${version || 'of an unknown version'}.`,
    );
}

/**
 * Makes sure that PostgreSQL's and Redis's programs are on the machine; installs what is missing with apt-get, without
 * starting or creating a service of the machine's own.
 * @param {{ forTests?: boolean }} options `forTests`: what only tests run, too
 * @throws {UserFault} no rights, no network, no apt-get, or a version that is too old
 */
export async function ensureServersInstalled({ forTests = false } = {}) {
  const packages = missingPackages(forTests);
  if (packages.length > 0) {
    if (!existsSync('/usr/bin/apt-get')) {
      throw new UserFault(
        `${listed(packages)} is missing and this machine has no apt-get; install it and run the command again.`,
      );
    }
    await step(`Installing ${listed(packages)} with apt-get`, async () => {
      const logFile = join(privateFolder(join(LOCAL, 'logs')), 'install.log');
      const code = await runInstaller(packages, logFile);
      if (code !== 0 || missingPackages(forTests).length > 0) throw installationFault(packages, logFile);
    });
  }
  requireVersion('PostgreSQL', join(findPostgres(), 'postgres'), POSTGRES_MIN);
  requireVersion('Redis', findRedis(), REDIS_MIN);
}
