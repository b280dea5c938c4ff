import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ROOT, requireDisk } from './home.mjs';
import { interruptShortPrograms, run, whenOrphaned } from './processes.mjs';
import { UserFault, step } from './progress.mjs';

/** The Node.js of the project, a package among the others: the same version on every machine. */
export const PROJECT_NODE = join(ROOT, 'node_modules/.bin/node');

const readJson = (path) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));

/** Whether node_modules holds what package-lock.json names; npm writes its own list when an installation is complete. */
function packagesMatchLock() {
  if (!existsSync(join(ROOT, 'node_modules/.package-lock.json')) || !existsSync(PROJECT_NODE)) return false;
  const installed = readJson('node_modules/.package-lock.json').packages;
  const locked = Object.entries(readJson('package-lock.json').packages).filter(([path]) => path !== '');
  // Optional packages are for other kinds of machines, most of them.
  return locked.every(
    ([path, entry]) => (entry.optional && !installed[path]) || installed[path]?.version === entry.version,
  );
}

function npm(args) {
  const script = process.env.npm_execpath;
  const options = { cwd: ROOT, env: { ...process.env, npm_config_loglevel: 'error' } };
  return script?.endsWith('.js') ? run(process.execPath, [script, ...args], options) : run('npm', args, options);
}

function installationFault(output) {
  const codes = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT/;
  if (codes.test(output))
    return new UserFault(
      'The npm packages cannot be fetched: the package registry cannot be reached; is there a network?',
    );
  if (/ENOSPC/.test(output)) return new UserFault('The npm packages cannot be installed: the disk is full.');
  if (/EACCES|EPERM|EROFS/.test(output))
    return new UserFault(`The npm packages cannot be installed: ${ROOT} cannot be written.`);
  const lines = output
    .split('\n')
    .filter((line) => line.startsWith('npm error') && !/complete log|^npm error$/.test(line));
  return new UserFault(
    `The npm packages cannot be installed: ${lines.slice(0, 4).join(' ').replaceAll('npm error ', '')}`,
  );
}

/** Whether the lock was made for this very package.json. */
function lockIsCurrent() {
  const manifest = readJson('package.json');
  const root = readJson('package-lock.json').packages[''];
  const names = ['dependencies', 'devDependencies', 'optionalDependencies'];
  return names.every((name) => isDeepStrictEqual(manifest[name] ?? {}, root[name] ?? {}));
}

async function install() {
  let result = await npm(['ci', '--no-audit', '--no-fund']);
  // npm 11 calls a lock incomplete when it lacks the optional builds for other kinds of machines, which a registry need not
  // offer. `npm install` takes the same locked versions and passes over those; what came is compared with the lock below.
  if (result.code !== 0 && /^npm error Missing: /m.test(result.stderr) && lockIsCurrent()) {
    result = await npm(['install', '--no-save', '--no-audit', '--no-fund']);
  }
  if (result.code !== 0) throw installationFault(result.stderr);
  if (!packagesMatchLock())
    throw new UserFault('The npm packages were installed, but node_modules does not match package-lock.json.');
  const { status } = spawnSync(PROJECT_NODE, ['--version']);
  if (status !== 0)
    throw new UserFault('The package "node" brought no program for this machine; were install scripts forbidden?');
}

/** Lets a signal end npm before it ends us: an npm that outlived us would go on writing. */
function interruptibly(work) {
  return async () => {
    let interrupted = false;
    const interrupt = () => {
      interrupted = true;
      interruptShortPrograms();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, interrupt);
    try {
      await work();
    } catch (error) {
      throw interrupted ? new UserFault('Interrupted; the next start installs the packages anew.') : error;
    } finally {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, interrupt);
    }
  };
}

function isProjectNode() {
  return realpathSync(process.execPath) === realpathSync(PROJECT_NODE);
}

/** Runs this very command again on the project's Node.js and ends with its exit code; signals are passed on. */
function continueOnProjectNode() {
  const child = spawn(PROJECT_NODE, process.argv.slice(1), { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  whenOrphaned(() => child.kill('SIGTERM'));
  child.once('exit', (code, signal) => process.exit(signal ? 1 : code));
  return new Promise(() => undefined);
}

/**
 * Makes sure the npm packages are there and that this process runs on the project's Node.js. Does not return when it has to
 * start the command again.
 * @param {{ beforeRestart?: () => void }} options called when the rest happens in another process
 */
export async function ensurePackages({ beforeRestart } = {}) {
  if (!packagesMatchLock()) {
    requireDisk(ROOT, 1500);
    await step('Installing the npm packages', interruptibly(install));
  }
  if (isProjectNode()) return;
  beforeRestart?.();
  await continueOnProjectNode();
}
