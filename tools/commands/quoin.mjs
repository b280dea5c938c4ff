import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMPILE_CACHE } from '../stack/apps.mjs';
import { LOCAL, ROOT } from '../stack/home.mjs';
import { runningStart } from '../stack/lock.mjs';
import { COMMAND_MEMORY } from '../stack/memory.mjs';
import { ensurePackages } from '../stack/packages.mjs';
import { UserFault } from '../stack/progress.mjs';

const PROGRAM = join(ROOT, 'dist/apps/cli/main.js');

/** The stack of `npm start`, unless the shell already says which database to use. */
function environment() {
  if (process.env.DB_HOST) return process.env;
  const file = join(LOCAL, 'env.json');
  if (!runningStart() || !existsSync(file)) {
    throw new UserFault(
      'Quoin is not running here; run "npm start" in another terminal, or set DB_HOST and its companions.',
    );
  }
  return { ...JSON.parse(readFileSync(file, 'utf8')), ...process.env };
}

/** `npm run quoin -- <command>`: the operator's program against the running local stack. */
export async function main(args) {
  await ensurePackages();
  const env = { ...COMPILE_CACHE, ...COMMAND_MEMORY.env, ...environment() };
  if (!existsSync(PROGRAM)) throw new UserFault('The command line is not built; run "npm run build".');
  // npm changes to the package's folder; file names on the command line are meant from where the person stands.
  const cwd = process.env.INIT_CWD ?? process.cwd();
  const nodeArgs = [...COMMAND_MEMORY.flags, PROGRAM];
  const child = spawn(process.execPath, [...nodeArgs, ...args], { stdio: 'inherit', cwd, env });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.once('exit', (code, signal) => process.exit(signal ? 1 : code));
}
