import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOCAL, privateFolder, THROW_AWAY, wipeHome } from './home.mjs';
import { identityOf, isAlive, stopAll } from './processes.mjs';
import { ledgerOf } from './stack.mjs';

/**
 * Makes the folder of a stack that lives as long as this process.
 * @param {string} [purpose] tells two stacks of one process apart
 * @returns {{ home: string, suffix: string }} what a Stack is made with
 */
export function claimThrowAway(purpose) {
  const name = `test-${process.pid}${purpose ? `-${purpose}` : ''}`;
  const home = privateFolder(join(LOCAL, name));
  writeFileSync(join(home, 'owner.json'), JSON.stringify({ pid: process.pid, identity: identityOf(process.pid) }));
  return { home, suffix: `-${name}` };
}

/** Stops the servers of a stack and deletes all of it. */
export async function discard(home) {
  await stopAll(ledgerOf(home));
  wipeHome(home);
}

/** Discards what processes left that were killed. */
export async function discardAbandoned() {
  for (const name of readdirSync(LOCAL).filter((entry) => THROW_AWAY.test(entry))) {
    const file = join(LOCAL, name, 'owner.json');
    const owner = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
    if (!isAlive(owner)) await discard(join(LOCAL, name));
  }
}
