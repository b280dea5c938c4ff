import { join } from 'node:path';
import { LOCAL, ROOT } from './home.mjs';
import { API_MEMORY } from './memory.mjs';
import { launch, run, untilReady } from './processes.mjs';
import { UserFault } from './progress.mjs';

/** What every process inherits from the person's shell, beside the variables of the stack. */
function inherited() {
  const { PATH, HOME, TZ, LANG, NODE_OPTIONS } = process.env;
  return Object.fromEntries(
    Object.entries({ PATH, HOME, TZ, LANG, NODE_OPTIONS }).filter(([, value]) => value !== undefined),
  );
}

async function says200(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    return response.status === 200;
  } catch (error) {
    if (error instanceof TypeError || error.name === 'TimeoutError') return false;
    throw error;
  }
}

/** What V8 made of the sources is kept for the next start of the same program: a quarter less to compute for each. */
export const COMPILE_CACHE = { NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/v8') };

/**
 * Starts api or worker from dist/ and waits until it calls itself ready.
 * @param {'api'|'worker'} app
 * @param {{ environment: Record<string, string>, port: number, ledger }} options
 */
export async function startApp(app, { environment, port, ledger }) {
  const service = await launch({
    name: app,
    command: process.execPath,
    args: [...(app === 'api' ? API_MEMORY.flags : []), join(ROOT, `dist/apps/${app}/main.js`)],
    env: { ...inherited(), ...COMPILE_CACHE, ...API_MEMORY.env, ...environment },
    cwd: ROOT,
    logFile: join(LOCAL, 'logs', `${app}.log`),
    ledger,
  });
  await untilReady(service, () => says200(`http://127.0.0.1:${port}/readyz`), 60_000);
  return service;
}

/** Runs a command of the operator's program to its end. @throws {UserFault} with the end of its output */
export async function runCli(args, environment) {
  const command = [join(ROOT, 'dist/apps/cli/main.js'), ...args];
  const { code, stdout, stderr } = await run(process.execPath, command, {
    cwd: ROOT,
    env: { ...inherited(), ...COMPILE_CACHE, ...environment },
  });
  if (code === 0) return stdout;
  const words = `${stdout}${stderr}`.trim().split('\n').slice(-15).join('\n');
  throw new UserFault(`"quoin ${args.join(' ')}" failed with ${code}:\n${words}`);
}
