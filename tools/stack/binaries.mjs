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

/** The folder with PostgreSQL's server and client programs, the newest installed first; undefined when there is none. */
export function findPostgres() {
  const folders = [...installedVersions(), ...onPath(), '/usr/local/pgsql/bin', '/opt/homebrew/bin', '/usr/local/bin'];
  return folders.find((folder) => NEEDED.every((program) => isExecutable(join(folder, program))));
}

/** The redis-server program; undefined when there is none. */
export function findRedis() {
  const folders = [...onPath(), '/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'];
  return folders.map((folder) => join(folder, 'redis-server')).find(isExecutable);
}
