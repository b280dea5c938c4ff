import { LOCAL, requireDisk } from '../stack/home.mjs';
import { ensureServersInstalled } from '../stack/install.mjs';
import { LocalSystem } from '../stack/local-system.mjs';
import { becomeTheStart } from '../stack/lock.mjs';
import { ensurePackages } from '../stack/packages.mjs';
import { say } from '../stack/progress.mjs';

function printWelcome({ api, docs, mail, demo }) {
  const body = JSON.stringify({ email: demo.email, password: demo.password });
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
  return new Promise((resolve) => {
    const end = (code) => async () => {
      if (system.interrupted) return;
      say('\nStopping api, worker and servers …');
      await system.stop();
      say('Everything is stopped.');
      resolve(code);
    };
    system.onGivingUp = end(1);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end(0));
    // The process that started us on the project's Node.js is gone: nobody is left to stop us.
    process.on('disconnect', end(0));
  });
}

/** `npm start`: everything from a fresh clone to a running system, until Ctrl-C. */
export async function main() {
  const giveUpThePlace = becomeTheStart();
  try {
    say('Starting Quoin');
    await ensurePackages({ beforeRestart: giveUpThePlace });
    requireDisk(LOCAL, 500);
    await ensureServersInstalled();
    const system = new LocalSystem();
    const theEnd = untilTheEnd(system);
    try {
      await system.start();
      printWelcome(system.description());
    } catch (error) {
      if (system.interrupted) process.exitCode = 130;
      else await system.stop();
      if (!system.interrupted) throw error;
    }
    const code = await theEnd;
    process.exitCode ??= code;
  } finally {
    giveUpThePlace();
  }
  process.exit();
}
