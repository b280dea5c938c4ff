import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOCAL, wipeHome } from '../stack/home.mjs';
import { ensureServersInstalled } from '../stack/install.mjs';
import { PROJECT_NODE, ensurePackages } from '../stack/packages.mjs';
import { isAlive, stopAll } from '../stack/processes.mjs';
import { UserFault, say, step } from '../stack/progress.mjs';
import { ledgerOf } from '../stack/stack.mjs';
import { openTestStack } from '../stack/test-stack.mjs';

const HOME = join(LOCAL, 'test');
const ledger = ledgerOf(HOME);

async function up() {
  const description = join(HOME, 'stack.json');
  const entries = ledger.entries();
  if (existsSync(description) && entries.length > 0 && entries.every(isAlive)) {
    return say(`The shared test stack is already running; see ${description}`);
  }
  if (!existsSync(PROJECT_NODE)) await ensurePackages();
  await ensureServersInstalled({ forTests: true });
  const { description: written } = await openTestStack({ home: HOME, suffix: '-test', step });
  say(`The shared test stack runs until "node tools/test-stack.mjs down"; see ${written}`);
}

async function down() {
  await step('Stopping the shared test stack', async () => {
    const stopped = await stopAll(ledger);
    wipeHome(HOME);
    return stopped.length === 0 ? 'nothing was running' : `${stopped.length} servers stopped`;
  });
}

function status() {
  const entries = ledger.entries();
  if (entries.length === 0) return say('The shared test stack is not running.');
  for (const entry of entries) say(`${isAlive(entry) ? 'running' : 'DEAD   '}  ${entry.name} (process ${entry.pid})`);
  if (existsSync(join(HOME, 'stack.json'))) say(readFileSync(join(HOME, 'stack.json'), 'utf8'));
}

/** `up`, `down` or `status` of the servers that `npm run test:only` uses. */
export async function main([verb]) {
  const verbs = { up, down, status };
  if (!verbs[verb]) throw new UserFault('Usage: node tools/test-stack.mjs up|down|status');
  await verbs[verb]();
}
