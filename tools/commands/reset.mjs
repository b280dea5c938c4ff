import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { LOCAL, ROOT, THROW_AWAY, wipeElsewhere, wipeHome } from '../stack/home.mjs';
import { requireOwnFolder, runningStart } from '../stack/lock.mjs';
import { isAlive, stopAll } from '../stack/processes.mjs';
import { UserFault, step } from '../stack/progress.mjs';
import { ledgerOf } from '../stack/stack.mjs';
import { discardAbandoned } from '../stack/throw-away.mjs';

const testStacks = () => readdirSync(LOCAL).filter((name) => name === 'test' || THROW_AWAY.test(name));

function refuseWhileInUse() {
  const start = runningStart();
  if (start) throw new UserFault(`npm start is running (process ${start.pid}); end it with Ctrl-C before a reset.`);
  const busy = testStacks().find((name) => ledgerOf(join(LOCAL, name)).entries().some(isAlive));
  if (busy === 'test') {
    throw new UserFault(
      'The shared test stack is running; end it with "node tools/test-stack.mjs down" before a reset.',
    );
  }
  if (busy)
    throw new UserFault(`npm test is running (its servers are in .local/${busy}); wait for its end before a reset.`);
}

function isOurs() {
  try {
    requireOwnFolder();
    return true;
  } catch (error) {
    if (error instanceof UserFault) return false;
    throw error;
  }
}

/** `npm run reset`: deletes the local data of this clone and what they link to. */
export async function main() {
  if (existsSync(LOCAL) && isOurs()) {
    await discardAbandoned();
    refuseWhileInUse();
    // Left by a start that was killed.
    await stopAll(ledgerOf(LOCAL));
  }
  await step(`Deleting ${join(ROOT, '.local')} and what it links to`, () => {
    wipeHome(LOCAL);
    wipeElsewhere();
  });
}
