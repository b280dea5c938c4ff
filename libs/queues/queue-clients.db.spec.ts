import { randomBytes } from 'node:crypto';
import { testStack } from '#libs/testing';
import { QueueClients } from './queue-clients.js';
import { QueuesUnavailable } from './queues.errors.js';

describe('the sending side of the queues', () => {
  const prefix = `test-${randomBytes(4).toString('hex')}`;
  const queues = new QueueClients({ url: testStack().redis.queues, prefix });
  const job = (id: string) => ({ id, name: 'test.job', data: {} });
  afterAll(async () => queues.onApplicationShutdown());

  it('knows which jobs are there', async () => {
    await queues.add('low', [job('a-1'), job('b-1')]);
    expect(await queues.unfinished('low', ['a-1', 'b-1', 'a-2'])).toEqual(new Set(['a-1', 'b-1']));
    expect(await queues.unfinished('high', ['a-1'])).toEqual(new Set());
  });

  it('adds a job once, however often it is sent', async () => {
    await Promise.all([queues.add('default', [job('c-1')]), queues.add('default', [job('c-1'), job('c-1')])]);
    expect((await queues.depths()).default).toEqual({ waiting: 1, active: 0, delayed: 0 });
  });

  it('opens no connection before it is used, and tells that Redis is away instead of waiting for it', async () => {
    const nowhere = new QueueClients({ url: 'redis://127.0.0.1:1/0' });
    await expect(nowhere.add('low', [job('a-1')])).rejects.toThrow(QueuesUnavailable);
    await expect(nowhere.depths()).rejects.toThrow(QueuesUnavailable);
    await nowhere.onApplicationShutdown();
  });
});
