import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@nestjs/common';
import { PollingLoop } from './polling-loop.js';

describe('a polling loop', () => {
  const warnings: string[] = [];
  const logger = { warn: (message: string) => warnings.push(message) } as unknown as Logger;
  const loopOf = (round: () => Promise<boolean>, intervalMs = 10) =>
    new PollingLoop({ name: 'loop', round, intervalMs, logger });
  beforeEach(() => (warnings.length = 0));

  it('goes on at once while there is more to do', async () => {
    let rounds = 0;
    const loop = loopOf(async () => ++rounds < 5, 60_000);
    loop.start();
    await sleep(20);
    await loop.stop();
    expect(rounds).toBe(5);
  });

  it('goes on after a failure, and says so once', async () => {
    let rounds = 0;
    const loop = loopOf(async () => {
      rounds++;
      if (rounds < 3) throw new Error('away', { cause: new Error('refused') });
      return false;
    });
    loop.start();
    await sleep(1_000);
    await loop.stop();
    expect(rounds).toBeGreaterThan(3);
    expect(warnings).toEqual(['loop: away (refused)']);
  });

  it('ends the running round before it stops', async () => {
    let ended = false;
    const loop = loopOf(async () => {
      await sleep(50);
      ended = true;
      return true;
    });
    loop.start();
    await loop.stop();
    expect(ended).toBe(true);
  });
});
