import { QUEUES } from '#libs/queues';
import { ConsumerInterrupted, ConsumerTimeout } from './delivery.errors.js';
import { Handling } from './handling.js';

describe('one run of a consumer', () => {
  const quick = { ...QUEUES.default, timeoutMs: 20 };
  const forever = () => new Promise<void>(() => undefined);

  it('ends with the work', async () => {
    const handling = new Handling('a.b', QUEUES.default, undefined);
    await handling.run(async () => undefined);
    handling.end();
    expect(handling.signal.aborted).toBe(false);
  });

  it('fails with what the work throws', async () => {
    const handling = new Handling('a.b', QUEUES.default, undefined);
    await expect(handling.run(async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    handling.end();
  });

  it('stops waiting when the time of the queue is over, and tells the work', async () => {
    const handling = new Handling('a.b', quick, undefined);
    await expect(handling.run(forever)).rejects.toThrow(ConsumerTimeout);
    expect(handling.signal.reason).toBeInstanceOf(ConsumerTimeout);
  });

  it('is interrupted when the worker stops', async () => {
    const worker = new AbortController();
    const handling = new Handling('a.b', QUEUES.default, worker.signal);
    const running = handling.run(forever);
    worker.abort('the worker stops');
    await expect(running).rejects.toThrow(ConsumerInterrupted);
    handling.end();
  });

  it('does not even begin when the worker has stopped', async () => {
    const handling = new Handling('a.b', QUEUES.default, AbortSignal.abort('the worker stops'));
    let begun = false;
    await expect(handling.run(async () => void (begun = true))).rejects.toThrow('the worker stops');
    expect(begun).toBe(false);
    handling.end();
  });
});
