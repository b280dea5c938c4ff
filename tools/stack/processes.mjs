import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { UserFault } from './progress.mjs';

function linuxIdentity(pid) {
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the program's name in brackets and may itself hold spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : `${boot}:${fields[19]}`;
}

/**
 * What tells a process from a later one with the same number: the boot and the time it began.
 * Undefined when no such process lives (a zombie counts as dead).
 */
export function identityOf(pid) {
  if (existsSync('/proc/self/stat')) {
    try {
      return linuxIdentity(pid);
    } catch (error) {
      if (error.code === 'ENOENT' || error.code === 'ESRCH') return undefined;
      throw error;
    }
  }
  const started = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
  return started === '' ? undefined : started;
}

/** The command line of a process; empty when there is none. */
export function commandOf(pid) {
  if (!existsSync('/proc/self/stat'))
    return spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
  const file = `/proc/${pid}/cmdline`;
  return existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\0', ' ') : '';
}

/** Whether exactly the process that was recorded is still alive. */
export function isAlive(recorded) {
  return recorded.identity !== undefined && identityOf(recorded.pid) === recorded.identity;
}

/**
 * The list of processes a stack has started, on disk, so that a start after SIGKILL or a power cut can find what is left.
 * Entries: `{ name, pid, identity, signal }`, in the order they were started.
 */
export class ProcessLedger {
  constructor(file) {
    this.file = file;
  }

  entries() {
    if (!existsSync(this.file)) return [];
    try {
      return JSON.parse(readFileSync(this.file, 'utf8'));
    } catch (error) {
      if (error instanceof SyntaxError) return [];
      throw error;
    }
  }

  add(entry) {
    this.#write([...this.entries().filter((other) => other.name !== entry.name), entry]);
  }

  remove(name) {
    this.#write(this.entries().filter((other) => other.name !== name));
  }

  #write(entries) {
    if (entries.length === 0) return rmSync(this.file, { force: true });
    writeFileSync(`${this.file}.new`, JSON.stringify(entries, null, 2));
    renameSync(`${this.file}.new`, this.file);
  }
}

/**
 * Starts a long-lived process in a group of its own (Ctrl-C reaches us alone: we stop children in order) with its output in a file.
 * @param {{ name: string, command: string, args: string[], env?: object, user?: {uid: number, gid: number}, cwd?: string,
 *   logFile: string, ledger: ProcessLedger, signal?: NodeJS.Signals }} options `signal` is what stops it gently
 * @returns {Promise<{ name, pid, identity, signal, logFile, exited: Promise<{code, signal}>, isRunning(): boolean }>}
 */
export async function launch(options) {
  const { name, command, args, env = process.env, user = {}, cwd, logFile, ledger, signal = 'SIGTERM' } = options;
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(command, args, { env, cwd, ...user, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  let running = true;
  const exited = new Promise((resolve) => {
    child.once('exit', (code, by) => {
      running = false;
      resolve({ code, signal: by });
    });
  });
  await new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(new UserFault(`${name} could not be started: ${error.message}.`)));
  });
  child.unref();
  const entry = { name, pid: child.pid, identity: identityOf(child.pid), signal };
  ledger.add(entry);
  return { ...entry, logFile, exited, isRunning: () => running };
}

/** Sends the gentle signal, waits, then kills. Resolves when the process is gone; one that is not ours any more is left alone. */
export async function stop(recorded, graceMs = 30_000) {
  if (!isAlive(recorded)) return;
  process.kill(recorded.pid, recorded.signal);
  const giveUpAt = Date.now() + graceMs;
  while (isAlive(recorded)) {
    if (Date.now() > giveUpAt) process.kill(recorded.pid, 'SIGKILL');
    await wait(Date.now() > giveUpAt ? 200 : 25);
  }
}

/** Stops everything in the ledger, last started first, and empties it. Returns the names of those that were alive. */
export async function stopAll(ledger, graceMs) {
  const stopped = [];
  for (const entry of ledger.entries().reverse()) {
    if (isAlive(entry)) stopped.push(entry.name);
    await stop(entry, graceMs);
    ledger.remove(entry.name);
  }
  return stopped;
}

/** The last lines of a log, to show why a process died. */
export function tail(file, lines = 12) {
  if (!existsSync(file)) return '';
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
}

/**
 * Asks `probe` until it says yes; fails at once when the process dies.
 * @throws {UserFault} with the end of the process's log
 */
export async function untilReady(service, probe, timeoutMs = 30_000) {
  const giveUpAt = Date.now() + timeoutMs;
  while (!(await probe())) {
    if (!service.isRunning()) throw new UserFault(`${service.name} ended while starting.\n${tail(service.logFile)}`);
    if (Date.now() > giveUpAt) {
      throw new UserFault(`${service.name} was not ready after ${timeoutMs / 1000} s.\n${tail(service.logFile)}`);
    }
    await wait(50);
  }
}

/**
 * Calls back once when whoever started us is gone: npm (killed without a chance to pass it on), or the first half of this
 * very command on another Node.js. A command started by hand from a shell may outlive it.
 */
export function whenOrphaned(callback) {
  if (process.connected) {
    process.once('disconnect', callback);
    return;
  }
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    callback();
  }, 500);
  watch.unref();
}

const shortPrograms = new Set();

/** Ends the short programs that are running: what waits for them fails. */
export function interruptShortPrograms() {
  for (const child of shortPrograms) child.kill('SIGTERM');
}

/** Runs a short program to its end. @returns {Promise<{ code: number | string, stdout: string, stderr: string }>} */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const { input, ...spawnOptions } = options;
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], ...spawnOptions });
    shortPrograms.add(child);
    child.once('close', () => shortPrograms.delete(child));
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) child[name]?.on('data', (chunk) => (output[name] += chunk));
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code: code ?? `signal ${signal}`, ...output }));
    child.stdin?.on('error', () => child.stdin.destroy());
    child.stdin?.end(input);
  });
}
