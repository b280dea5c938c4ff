import { existsSync, linkSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOCAL, ROOT, privateFolder } from './home.mjs';
import { identityOf, isAlive } from './processes.mjs';
import { UserFault } from './progress.mjs';

const FILE = join(LOCAL, 'start.lock');

/** The process of the `npm start` that runs in this clone, or undefined. */
export function runningStart() {
  if (!existsSync(FILE)) return undefined;
  try {
    const holder = JSON.parse(readFileSync(FILE, 'utf8'));
    return isAlive(holder) ? holder : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Makes this process the only `npm start` of the clone.
 * @returns {() => void} gives the place up
 * @throws {UserFault} when another one runs, or when .local/ was copied here from another clone
 */
export function becomeTheStart() {
  privateFolder(LOCAL);
  requireOwnFolder();
  const mine = `${FILE}.${process.pid}`;
  writeFileSync(mine, JSON.stringify({ pid: process.pid, identity: identityOf(process.pid) }), { mode: 0o600 });
  try {
    takePlace(mine);
  } finally {
    unlinkSync(mine);
  }
  return () => rmSync(FILE, { force: true });
}

function takePlace(mine) {
  for (;;) {
    try {
      // A hard link appears whole or not at all, and only for the first who comes.
      return linkSync(mine, FILE);
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = runningStart();
    if (holder) {
      throw new UserFault(
        `npm start already runs in this clone (process ${holder.pid}); end it there with Ctrl-C first.`,
      );
    }
    rmSync(FILE, { force: true });
  }
}

/** A copied .local/ names processes and data of the clone it was copied from: those are not ours to stop. */
export function requireOwnFolder() {
  const marker = join(LOCAL, 'clone');
  if (!existsSync(marker)) return writeFileSync(marker, ROOT);
  const owner = readFileSync(marker, 'utf8');
  if (owner !== ROOT)
    throw new UserFault(`${LOCAL} was copied or moved from ${owner}; run "npm run reset" here to begin anew.`);
}
