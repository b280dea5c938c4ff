/**
 * Loaded into the api before its own code (--import). SIGUSR2 begins a CPU profile, the next one writes it to BENCH_PROFILE.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';

const session = new Session();
session.connect();
let profiling = false;

process.on('SIGUSR2', async () => {
  if (!profiling) {
    profiling = true;
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: 500 });
    await session.post('Profiler.start');
    return;
  }
  profiling = false;
  const { profile } = await session.post('Profiler.stop');
  const file = process.env.BENCH_PROFILE;
  // Whole or not at all: somebody waits for the file to be there.
  writeFileSync(`${file}.new`, JSON.stringify(profile));
  renameSync(`${file}.new`, file);
});
