/** The queues of this installation, in the order of their importance. */
export type QueueName = 'financial' | 'high' | 'default' | 'low';

/** How long a failed attempt waits for the next one: `baseMs`, doubled with each attempt, never above `maxMs`. */
export interface BackoffPolicy {
  readonly baseMs: number;
  readonly maxMs: number;
}

/** What a queue promises the work that is put on it. */
export interface QueuePolicy {
  readonly name: QueueName;
  /** Attempts until the work is a dead letter, the first one included. */
  readonly attemptsMax: number;
  /** An attempt that runs longer has failed; milliseconds. */
  readonly timeoutMs: number;
  readonly backoff: BackoffPolicy;
  /** Work of this queue that one worker process runs at once. */
  readonly concurrency: number;
}

/**
 * The one table of queues (requirement C1). Importance is concurrency: the four add up to little more than one
 * process's database connections, and the more important ones may hold more of them.
 */
export const QUEUES: Readonly<Record<QueueName, QueuePolicy>> = {
  financial: policy('financial', { attemptsMax: 2, timeoutMs: 90_000, baseMs: 2_000, maxMs: 60_000, concurrency: 4 }),
  high: policy('high', { attemptsMax: 3, timeoutMs: 60_000, baseMs: 500, maxMs: 30_000, concurrency: 4 }),
  default: policy('default', { attemptsMax: 3, timeoutMs: 60_000, baseMs: 1_000, maxMs: 60_000, concurrency: 3 }),
  low: policy('low', { attemptsMax: 5, timeoutMs: 120_000, baseMs: 2_000, maxMs: 300_000, concurrency: 2 }),
};

/** The names of {@link QUEUES}, most important first. */
export const QUEUE_NAMES = Object.keys(QUEUES) as readonly QueueName[];

/** The queues of a list of names, e.g. of WORKER_QUEUES; all of them for an empty list. @throws naming what is unknown */
export function queuesNamed(names: readonly string[]): readonly QueueName[] {
  const unknown = names.filter((name) => !isQueueName(name));
  if (unknown.length > 0)
    throw new RangeError(`no such queue: ${unknown.join(', ')} (there are ${QUEUE_NAMES.join(', ')})`);
  return names.length === 0 ? QUEUE_NAMES : names.filter(isQueueName);
}

/** Whether a name (from the environment, from a row) is one of {@link QUEUES}. */
export function isQueueName(name: string): name is QueueName {
  return Object.hasOwn(QUEUES, name);
}

/**
 * How long to wait before the next attempt, in milliseconds: exponential, with equal jitter (between half and all of
 * the step), so that what failed together does not come back together.
 * @param attempts attempts spent so far, at least 1
 */
export function backoffMs(backoff: BackoffPolicy, attempts: number, random: () => number = Math.random): number {
  const step = Math.min(backoff.maxMs, backoff.baseMs * 2 ** (attempts - 1));
  return Math.round(step / 2 + (step / 2) * random());
}

function policy(name: QueueName, row: Omit<QueuePolicy, 'name' | 'backoff'> & BackoffPolicy): QueuePolicy {
  const { attemptsMax, timeoutMs, concurrency, baseMs, maxMs } = row;
  return { name, attemptsMax, timeoutMs, concurrency, backoff: { baseMs, maxMs } };
}
