import { Misforeseen } from '#libs/database';
import { InOrder, type Turn } from './in-order.js';

/** Work whose steps a test decides on, and a note of what happened when. */
class Steps {
  readonly log: string[] = [];
  private readonly ends = new Map<string, PromiseWithResolvers<void>>();

  work(name: string): (turn: Turn) => Promise<void> {
    const end = Promise.withResolvers<void>();
    this.ends.set(name, end);
    return async ({ sent }) => {
      this.log.push(`${name} begins`);
      sent();
      await end.promise;
      this.log.push(`${name} ends`);
    };
  }

  end(name: string, failure?: Error): void {
    const end = this.ends.get(name);
    if (failure) end?.reject(failure);
    else end?.resolve();
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

const misled = async ({ predecessor }: Turn): Promise<void> => {
  if (predecessor) throw new Misforeseen();
};

/** Whether the next one foresees anything. */
async function foresees(inOrder: InOrder): Promise<boolean> {
  let foresaw = false;
  await inOrder.begin(async ({ predecessor }) => void (foresaw = predecessor !== undefined), { alone: false });
  return foresaw;
}

describe('work in order', () => {
  it('begins the next one when all of the one before is sent, and no third one', async () => {
    const steps = new Steps();
    const inOrder = new InOrder();
    await inOrder.begin(steps.work('first'), { alone: false });
    await inOrder.begin(steps.work('second'), { alone: false });
    const third = inOrder.begin(steps.work('third'), { alone: false });
    await turn();
    expect(steps.log).toEqual(['first begins', 'second begins']);
    steps.end('first');
    await third;
    expect(steps.log).toEqual(['first begins', 'second begins', 'first ends', 'third begins']);
    steps.end('second');
    steps.end('third');
    await inOrder.end();
    expect(steps.log.slice(-2)).toEqual(['second ends', 'third ends']);
  });

  it('does not begin the next one while the one before still has something to send', async () => {
    const inOrder = new InOrder();
    const sending = Promise.withResolvers<void>();
    const log: string[] = [];
    await inOrder.begin(() => sending.promise, { alone: false });
    const second = inOrder.begin(async () => void log.push('second'), { alone: false });
    await turn();
    expect(log).toEqual([]);
    sending.resolve();
    await second;
    expect(log).toEqual(['second']);
    await inOrder.end();
  });

  it('lets work that reads what others wrote wait for their end', async () => {
    const steps = new Steps();
    const inOrder = new InOrder();
    await inOrder.begin(steps.work('first'), { alone: false });
    const second = inOrder.begin(steps.work('second'), { alone: true });
    await turn();
    expect(steps.log).toEqual(['first begins']);
    steps.end('first');
    await second;
    expect(steps.log).toEqual(['first begins', 'first ends', 'second begins']);
    steps.end('second');
    await inOrder.end();
  });

  it('begins nothing after a failure, and ends when all that is under way has ended', async () => {
    const steps = new Steps();
    const inOrder = new InOrder();
    await inOrder.begin(steps.work('first'), { alone: false });
    await inOrder.begin(steps.work('second'), { alone: false });
    const third = inOrder.begin(steps.work('third'), { alone: false });
    steps.end('first', new Error('refused'));
    await expect(third).rejects.toThrow('refused');
    const end = inOrder.end();
    await turn();
    steps.end('second');
    await expect(end).rejects.toThrow('refused');
    expect(steps.log).toEqual(['first begins', 'second begins', 'second ends']);
  });

  it('foresees nothing for a while after one was misled, and begins the next one when COMMIT of the one before is sent', async () => {
    const inOrder = new InOrder();
    const committing = Promise.withResolvers<void>();
    const log: string[] = [];
    await inOrder.begin(misled, { alone: false });
    await turn();
    await inOrder.begin(
      async (step) => {
        log.push(`second foresees: ${step.predecessor !== undefined}`);
        step.sent();
        await committing.promise;
        step.committing();
        await turn();
        log.push('second ends');
      },
      { alone: false },
    );
    const third = inOrder.begin(async () => void log.push('third'), { alone: false });
    await turn();
    expect(log).toEqual(['second foresees: false']);
    committing.resolve();
    await third;
    await inOrder.end();
    expect(log).toEqual(['second foresees: false', 'third', 'second ends']);
  });

  it('foresees again after 64, after twice as many when it is misled at once, and after 64 when that held for as long', async () => {
    const inOrder = new InOrder();
    /** How many foresee nothing after one that is misled. */
    const pause = async (): Promise<number> => {
      await inOrder.begin(misled, { alone: false });
      await turn();
      for (let count = 0; ; count += 1) if (await foresees(inOrder)) return count;
    };
    expect(await pause()).toBe(64);
    expect(await pause()).toBe(128);
    for (let count = 0; count < 128; count += 1) expect(await foresees(inOrder)).toBe(true);
    expect(await pause()).toBe(64);
    await inOrder.end();
  });

  it('foresees nothing from before a while without foresight', async () => {
    const inOrder = new InOrder();
    const [failing, going] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    await inOrder.begin(
      async (step) => {
        step.sent();
        await failing.promise;
        await misled(step);
      },
      { alone: false },
    );
    await inOrder.begin(
      async ({ sent, predecessor }) => {
        sent();
        await going.promise;
        predecessor?.foresight.leave(new Map([['lamps', () => 7]]));
      },
      { alone: false },
    );
    failing.resolve();
    await turn();
    going.resolve();
    await turn();
    for (let count = 0; count < 64; count += 1) expect(await foresees(inOrder)).toBe(false);
    let lamps: unknown = 'not asked';
    await inOrder.begin(async ({ predecessor }) => void (lamps = predecessor?.foresight.get('lamps')), {
      alone: false,
    });
    expect(lamps).toBeUndefined();
    await inOrder.end();
  });

  it('counts two that were misled by the same as one', async () => {
    const inOrder = new InOrder();
    const going = Promise.withResolvers<void>();
    const first = async (step: Turn) => {
      step.sent();
      await going.promise;
      await misled(step);
    };
    await inOrder.begin(first, { alone: false });
    await inOrder.begin(first, { alone: false });
    going.resolve();
    await turn();
    let count = 0;
    while (!(await foresees(inOrder))) count += 1;
    expect(count).toBe(64);
    await inOrder.end();
  });

  it('does work again that was misled, when the one before has ended, and without foresight', async () => {
    const steps = new Steps();
    const inOrder = new InOrder();
    const foresaw: boolean[] = [];
    await inOrder.begin(steps.work('first'), { alone: false });
    await inOrder.begin(
      async ({ sent, predecessor }) => {
        sent();
        foresaw.push(predecessor !== undefined);
        steps.log.push('second begins');
        if (predecessor) throw new Misforeseen();
      },
      { alone: false },
    );
    await turn();
    expect(steps.log).toEqual(['first begins', 'second begins']);
    steps.end('first');
    await inOrder.end();
    expect(steps.log).toEqual(['first begins', 'second begins', 'first ends', 'second begins']);
    expect(foresaw).toEqual([true, false]);
  });
});
