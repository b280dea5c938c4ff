import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { PeriodicTask } from './periodic-task.js';

/** A promise that the test settles. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

it('never overlaps: the pause begins when a run has ended', async () => {
  const { opened, open } = gate();
  let runs = 0;
  const task = new PeriodicTask('slow', 1, async () => {
    runs += 1;
    await opened;
  });
  task.start();
  await sleep(30);
  expect(runs).toBe(1);
  open();
  await sleep(30);
  expect(runs).toBeGreaterThan(1);
  await task.stop();
});

it('goes on after a run that failed', async () => {
  const logged: unknown[] = [];
  Logger.overrideLogger({ log: () => undefined, warn: () => undefined, error: (message) => logged.push(message) });
  let runs = 0;
  const task = new PeriodicTask('failing', 1, async () => {
    runs += 1;
    throw new Error('no database');
  });
  task.start();
  await sleep(30);
  await task.stop();
  expect(runs).toBeGreaterThan(1);
  expect(logged).toEqual(Array.from({ length: runs }, () => new Error('no database')));
});

it('waits on stop for the run under way, and starts none after it', async () => {
  const { opened, open } = gate();
  let runs = 0;
  let ended = false;
  const task = new PeriodicTask('slow', 1, async () => {
    runs += 1;
    await opened;
    ended = true;
  });
  task.start();
  await sleep(20);
  const stopping = task.stop();
  setTimeout(open, 10);
  await stopping;
  expect(ended).toBe(true);
  await sleep(20);
  expect(runs).toBe(1);
});
