import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './home.mjs';
import { run } from './processes.mjs';
import { UserFault } from './progress.mjs';

const INPUTS = [
  'apps',
  'libs',
  'src',
  'ormconfig.ts',
  'nest-cli.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'package.json',
  'package-lock.json',
];
const MARKER = join(ROOT, 'dist/.built-from');
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
const ENTRIES = ['api', 'worker', 'cli'].map((app) => join(ROOT, `dist/apps/${app}/main.js`));

function filesOf(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  const names = readdirSync(path).sort();
  return names.flatMap((name) => filesOf(join(path, name)));
}

function inputsHash() {
  const hash = createHash('sha256');
  for (const file of INPUTS.flatMap((input) => filesOf(join(ROOT, input))))
    hash.update(file).update('\0').update(readFileSync(file));
  return hash.digest('hex');
}

const firstLines = (text, count) => text.trim().split('\n').slice(0, count).join('\n');

/**
 * Compiles api, worker and cli to dist/, unless dist/ is already what the sources say. One compiler makes what `npm run
 * build` has three make, who all read the same libs/ and src/: a third of the work.
 * @param {{ typesAreChecked?: boolean }} options that somebody else checks the types, which takes longer than writing dist/
 * @throws {UserFault} with the compiler's words
 */
export async function ensureBuilt({ typesAreChecked = false } = {}) {
  const hash = inputsHash();
  const fresh =
    existsSync(MARKER) && readFileSync(MARKER, 'utf8') === hash && ENTRIES.every((entry) => existsSync(entry));
  if (fresh) return 'nothing changed';
  rmSync(MARKER, { force: true });
  const options = ['-p', join(ROOT, 'tsconfig.build.json'), ...(typesAreChecked ? ['--noCheck'] : [])];
  const { code, stdout, stderr } = await run(process.execPath, [TSC, ...options], { cwd: ROOT });
  if (code !== 0) throw new UserFault(`The sources do not compile:\n${firstLines(`${stdout}${stderr}`, 40)}`);
  const missing = ENTRIES.find((entry) => !existsSync(entry));
  if (missing) throw new UserFault(`The build ended without making ${missing}.`);
  writeFileSync(MARKER, hash);
  return undefined;
}
