import { LOCAL, requireDisk } from '../stack/home.mjs';
import { ensureServersInstalled } from '../stack/install.mjs';
import { LocalSystem } from '../stack/local-system.mjs';
import { becomeTheStart } from '../stack/lock.mjs';
import { ensurePackages } from '../stack/packages.mjs';
import { whenOrphaned } from '../stack/processes.mjs';
import { say } from '../stack/progress.mjs';

function printWelcome({ api, docs, mail, demo }) {
  const body = JSON.stringify({ grantType: 'password', email: demo.email, password: demo.password });
  say(`
Quoin is running. Ctrl-C stops it; the data stay in .local/ for the next start.

  API            ${api}
  API reference  ${docs}
  Caught mail    ${mail}
  Logs           ${LOCAL}/logs
  For tools      ${LOCAL}/stack.json

Log in as the demo tenant's owner:

  curl -s -X POST ${api}/v1/auth/tokens -H 'X-Tenant: ${demo.tenant}' -H 'Content-Type: application/json' -d '${body}'

In another terminal, "npm run demo" plays an order from the catalogue to the ledger.
`);
}

/** Resolves with the exit code when a signal came and everything is stopped, or when the supervisor gave up. */
function untilTheEnd(system) {
  // The servers are detached and a signal handler holds nothing: this does.
  const stayingAlive = setInterval(() => undefined, 60_000);
  return new Promise((resolve) => {
    const end = (code) => async () => {
      if (system.interrupted) return;
      clearInterval(stayingAlive);
      say('\nStopping api, worker and servers …');
      await system.stop();
      say('Everything is stopped.');
      resolve(code);
    };
    system.onGivingUp = end(1);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end(0));
    whenOrphaned(end(0));
  });
}

/** `npm start`: everything from a fresh clone to a running system, until Ctrl-C. */
export async function main() {
  const giveUpThePlace = becomeTheStart();
  try {
    // Said once, also when the command begins again on the project's Node.js.
    if (!process.connected) say('Starting Quoin');
    await ensurePackages({ beforeRestart: giveUpThePlace });
    requireDisk(LOCAL, 500);
    await ensureServersInstalled();
    const system = new LocalSystem();
    const theEnd = untilTheEnd(system);
    try {
      await system.start();
      printWelcome(system.description());
    } catch (error) {
      if (!system.interrupted) {
        await system.stop();
        throw error;
      }
      process.exitCode = 130;
    }
    const code = await theEnd;
    process.exitCode ??= code;
  } finally {
    giveUpThePlace();
  }
  process.exit();
}
