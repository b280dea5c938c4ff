import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DemoApi } from '../demo/api.mjs';
import { journey } from '../demo/journey.mjs';
import { play } from '../demo/play.mjs';
import { LOCAL } from '../stack/home.mjs';
import { UserFault, say } from '../stack/progress.mjs';

/** Where the running system is; QUOIN_STACK names another description than that of `npm start`. */
function runningStack() {
  const file = process.env.QUOIN_STACK ?? join(LOCAL, 'stack.json');
  if (!existsSync(file)) throw new UserFault('Quoin is not running here; run "npm start" in another terminal.');
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** `npm run demo`: one order through the public API, from the catalogue to the ledger; exit code 1 when anything is not as it should be. */
export async function main() {
  const stack = runningStack();
  say(`\nOne order in Quoin, from the catalogue to the ledger\n${stack.api}, tenant "${stack.demo.tenant}"\n`);
  await play(journey, { stack, api: new DemoApi(stack.api, stack.demo.tenant) });
  say(`\nAll of it was right. The same for yourself: ${stack.docs}, and the mail at ${stack.mail}\n`);
}
