import { backoffMs, isQueueName, QUEUE_NAMES, QUEUES, queuesNamed } from './queue-table.js';

describe('the table of queues', () => {
  it('has the attempts and timeouts of requirement C1', () => {
    const rows = QUEUE_NAMES.map((name) => [name, QUEUES[name].attemptsMax, QUEUES[name].timeoutMs / 1_000]);
    expect(rows).toEqual([
      ['financial', 2, 90],
      ['high', 3, 60],
      ['default', 3, 60],
      ['low', 5, 120],
    ]);
  });

  it('knows its own names only', () => {
    expect(isQueueName('financial')).toBe(true);
    expect(isQueueName('toString')).toBe(false);
    expect(isQueueName('billing')).toBe(false);
  });
});

describe('a list of queues', () => {
  it('is all of them when it is empty', () => {
    expect(queuesNamed([])).toEqual(['financial', 'high', 'default', 'low']);
    expect(queuesNamed(['low'])).toEqual(['low']);
  });

  it('names what it does not know', () => {
    expect(() => queuesNamed(['high', 'billing'])).toThrow('no such queue: billing');
  });
});

describe('back-off', () => {
  const policy = { baseMs: 1_000, maxMs: 10_000 };

  it('doubles with every attempt', () => {
    expect([1, 2, 3, 4].map((attempts) => backoffMs(policy, attempts, () => 1))).toEqual([1_000, 2_000, 4_000, 8_000]);
  });

  it('never exceeds its maximum', () => {
    expect(backoffMs(policy, 30, () => 1)).toBe(10_000);
  });

  it('spreads over the upper half of the step', () => {
    expect(backoffMs(policy, 2, () => 0)).toBe(1_000);
    expect(backoffMs(policy, 2, () => 0.5)).toBe(1_500);
  });
});
