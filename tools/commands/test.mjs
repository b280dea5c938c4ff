import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from '../stack/build.mjs';
import { LOCAL, ROOT, privateFolder, requireDisk } from '../stack/home.mjs';
import { ensureServersInstalled } from '../stack/install.mjs';
import { requireOwnFolder } from '../stack/lock.mjs';
import { ensurePackages } from '../stack/packages.mjs';
import { interruptShortPrograms, whenOrphaned } from '../stack/processes.mjs';
import { say, step } from '../stack/progress.mjs';
import { openTestStack } from '../stack/test-stack.mjs';
import { claimThrowAway, discard, discardAbandoned } from '../stack/throw-away.mjs';

/** One more than the cores of a small machine: many files wait, for processes that start and for leases that end. */
const WORKERS = 3;
const JEST = ['--experimental-vm-modules', '--no-warnings', join(ROOT, 'node_modules/jest/bin/jest.js')];

let interrupted = false;
const groups = new Set();

function interrupt() {
  interrupted = true;
  interruptShortPrograms();
  for (const group of groups) group.kill('SIGTERM');
}

/** Runs a program in a group of its own with our terminal; nothing of the group outlives it. */
async function runGroup(command, args, env = {}) {
  if (interrupted) return 1;
  const options = { cwd: ROOT, stdio: 'inherit', detached: true, env: { ...process.env, ...env } };
  const group = spawn(command, args, options);
  groups.add(group);
  const code = await new Promise((resolve, reject) => {
    group.once('error', reject);
    group.once('exit', (exitCode) => resolve(exitCode ?? 1));
  });
  killGroup(group.pid);
  groups.delete(group);
  return code;
}

function killGroup(leader) {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    // Nobody of the group is left, as it should be.
    if (error.code !== 'ESRCH') throw error;
  }
}

function readResults(file) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  const results = JSON.parse(readFileSync(file, 'utf8'));
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
    skipped: results.numPendingTests,
  };
}

async function runTests(args, throwAway, description) {
  const results = join(throwAway.home, 'results.json');
  const options = ['--json', `--outputFile=${results}`, `--maxWorkers=${WORKERS}`, ...args];
  const code = await runGroup(process.execPath, [...JEST, ...options], {
    QUOIN_TEST_STACK: description,
    NODE_ENV: 'test',
  });
  const counts = readResults(results);
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** Builds and starts the servers, while the checks see to the types. */
async function prepare(throwAway) {
  await step('Building api, worker and command line', () => ensureBuilt({ typesAreChecked: true }));
  const { description } = await openTestStack({ ...throwAway, step });
  return description;
}

/**
 * Every test, and the static checks beside them: tests often wait for processes and leases, and the checks, which nobody waits for
 * before the end, have what the tests leave of the processors. Returns what the closing line says.
 */
async function runEverything(args, throwAway) {
  const checking = runGroup('nice', ['npm', 'run', '--silent', 'check']);
  const tested = await Promise.allSettled([test(args, throwAway), checking]);
  const checks = await checking;
  const [{ reason, value: counts }] = tested;
  if (reason) throw reason;
  if (checks !== 0 && !interrupted) say('The static checks failed: npm run check tells which.');
  if (counts.skipped > 0) say(`${counts.skipped} skipped`);
  return { ...counts, failed: counts.failed + (checks === 0 ? 0 : 1) };
}

async function test(args, throwAway) {
  const description = await prepare(throwAway);
  return interrupted ? { passed: 0, failed: 0 } : runTests(args, throwAway, description);
}

/** `npm test`: checks, build and all tests on servers of its own, which are gone afterwards. */
export async function main(args) {
  privateFolder(LOCAL);
  requireOwnFolder();
  await ensurePackages();
  requireDisk(LOCAL, 500);
  await ensureServersInstalled({ forTests: true });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, interrupt);
  whenOrphaned(interrupt);
  await discardAbandoned();
  const throwAway = claimThrowAway();
  try {
    const { passed, failed } = await runEverything(args, throwAway);
    say(interrupted ? 'Interrupted.' : `${passed} passed, ${failed} failed`);
    process.exitCode = failed === 0 && passed > 0 && !interrupted ? 0 : 1;
  } finally {
    await discard(throwAway.home);
  }
  process.exit();
}
