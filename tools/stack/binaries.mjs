import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NEEDED = ['initdb', 'postgres', 'pg_basebackup', 'pg_ctl', 'psql'];

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch (error) {
    if (['ENOENT', 'EACCES', 'ENOTDIR'].includes(error.code)) return false;
    throw error;
  }
}

const onPath = () => (process.env.PATH ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));

function installedVersions() {
  const home = '/usr/lib/postgresql';
  if (!existsSync(home)) return [];
  return readdirSync(home)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(home, version, 'bin'));
}

/**
 * The folder with PostgreSQL's server and client programs, the newest installed first; undefined when there is none.
 * @param {string} [major] only of this version, because a cluster's data are read by the version that made them
 */
export function findPostgres(major) {
  const folders = [...installedVersions(), ...onPath(), '/usr/local/pgsql/bin', '/opt/homebrew/bin', '/usr/local/bin'];
  const complete = folders.filter((folder) => NEEDED.every((program) => isExecutable(join(folder, program))));
  return complete.find((folder) => major === undefined || versionOf(join(folder, 'postgres')) === major);
}

/** The major version a PostgreSQL program says it is of. */
function versionOf(program) {
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8', cwd: '/' });
  return /\(PostgreSQL\) (\d+)/.exec(stdout)?.[1];
}

/** The redis-server program; undefined when there is none. */
export function findRedis() {
  const folders = [...onPath(), '/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'];
  return folders.map((folder) => join(folder, 'redis-server')).find(isExecutable);
}

/** The pgbouncer program; undefined when there is none. */
export function findPgBouncer() {
  const folders = [...onPath(), '/usr/sbin', '/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'];
  return folders.map((folder) => join(folder, 'pgbouncer')).find(isExecutable);
}
