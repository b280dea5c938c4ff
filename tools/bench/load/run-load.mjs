import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { UserFault } from '../../stack/progress.mjs';

const GENERATOR = fileURLToPath(new URL('generator.mjs', import.meta.url));

const running = new Set();

/** Ends generators that are at work: whoever waits for them is told. */
export function interruptLoads() {
  for (const child of running) child.kill('SIGKILL');
}

/**
 * Sends load and gives what it came to. Anything but the expected status, and any broken connection, is a fault: a server that
 * refuses is fast, and its figures are worth nothing.
 * @param {{ port: number, connections: number, seconds: number, count?: number, expect: number, kind: string }} plan and the
 *   parameters of its kind (requests.mjs); `count` ends it after so many requests, `seconds` at the latest
 * @returns {Promise<{ requests: number, rate: number, p50Ms: number, p95Ms: number, p99Ms: number, maxMs: number }>}
 * @throws {UserFault} with the first answers that were not expected
 */
export async function runLoad(plan) {
  const child = fork(GENERATOR, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  running.add(child);
  try {
    const outcome = new Promise((resolve, reject) => {
      child.once('message', (figures) => {
        child.disconnect();
        resolve(figures);
      });
      child.once('error', reject);
      child.once('exit', (code, signal) => reject(new UserFault(`The load generator ended with ${signal ?? code}.`)));
    });
    child.send(plan);
    return accepted(await outcome, plan);
  } finally {
    running.delete(child);
  }
}

function accepted({ unexpected, faults, ...figures }, { kind, expect, path = '' }) {
  const what = `${kind} ${path}`.trim();
  if (unexpected > 0) {
    const shown = faults.map((fault) => `  ${fault}`).join('\n');
    throw new UserFault(
      `${unexpected} of ${unexpected + figures.requests} requests (${what}) were not answered with ${expect}:\n${shown}`,
    );
  }
  if (figures.requests === 0) throw new UserFault(`No request (${what}) was answered.`);
  return figures;
}
