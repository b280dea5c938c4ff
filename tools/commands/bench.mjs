import { interruptLoads } from '../bench/load/run-load.mjs';
import { benchOptions, USAGE } from '../bench/options.mjs';
import { ensureBuilt } from '../stack/build.mjs';
import { LOCAL, privateFolder, requireDisk } from '../stack/home.mjs';
import { ensureServersInstalled } from '../stack/install.mjs';
import { requireOwnFolder } from '../stack/lock.mjs';
import { ensurePackages } from '../stack/packages.mjs';
import { interruptShortPrograms, stopAll, whenOrphaned } from '../stack/processes.mjs';
import { say, step } from '../stack/progress.mjs';
import { ledgerOf } from '../stack/stack.mjs';
import { claimThrowAway, discard, discardAbandoned } from '../stack/throw-away.mjs';

let interrupted = false;
let places = [];

/** Whatever is under way fails because what it talks to is gone; the end is in `main`. */
async function interrupt() {
  if (interrupted) return;
  interrupted = true;
  interruptLoads();
  interruptShortPrograms();
  for (const { home } of places) await stopAll(ledgerOf(home));
}

async function measure(options) {
  const throwAway = claimThrowAway('bench');
  places = [throwAway];
  try {
    // Loaded now: they import packages that ensurePackages may just have installed.
    if (options.mode === 'ratios') await (await import('../bench/ratios.mjs')).benchRatios(throwAway, options);
    else if (options.mode === 'memory') await (await import('../bench/memory.mjs')).benchMemory(throwAway, options);
    else await (await import('../bench/scale.mjs')).benchScale(options, (place) => places.push(place));
  } finally {
    for (const { home } of places) await stopAll(ledgerOf(home));
    await discard(throwAway.home);
  }
}

/** `npm run bench`: how fast the api is beside the bare limits of this machine (docs/performance.md). */
export async function main(args) {
  const options = benchOptions(args);
  if (options.help) return say(USAGE);
  privateFolder(LOCAL);
  requireOwnFolder();
  await ensurePackages();
  requireDisk(LOCAL, 2_000);
  await ensureServersInstalled();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, interrupt);
  whenOrphaned(interrupt);
  await discardAbandoned();
  try {
    await step('Building api, worker and command line', () => ensureBuilt());
    await measure(options);
  } catch (error) {
    if (!interrupted) throw error;
    say('\nInterrupted; everything is stopped.');
    process.exitCode = 130;
  }
  process.exit();
}
