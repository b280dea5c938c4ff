import { once } from 'node:events';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { type JobsOptions, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { QUEUE_NAMES, type QueueName } from './queue-table.js';
import { QueuesUnavailable } from './queues.errors.js';
import {
  COMMAND_TIMEOUT_MS,
  producerConnection,
  QUEUE_PREFIX,
  QUEUES_OPTIONS,
  type QueuesOptions,
} from './queues.options.js';

/** One piece of work for a queue. */
export interface QueuedJob {
  /** Unique while the job exists; adding it again then changes nothing. No colon in it. */
  readonly id: string;
  /** What the job is called in lists and dashboards. */
  readonly name: string;
  readonly data: object;
}

/** How much there is on a queue right now. */
export interface QueueDepth {
  /** Ready to be taken. */
  readonly waiting: number;
  /** Being worked on. */
  readonly active: number;
  /** Waiting for its time. */
  readonly delayed: number;
}

// Attempts are counted in PostgreSQL, next to the completion; what is finished leaves no trace here.
const JOB_OPTIONS: JobsOptions = { attempts: 1, removeOnComplete: true, removeOnFail: true };

/**
 * The sending side of the queues. One connection, opened when first used: a process that only writes events boots and
 * works without Redis. Every method throws {@link QueuesUnavailable} within about two seconds when Redis does not answer.
 */
@Injectable()
export class QueueClients implements OnApplicationShutdown {
  private readonly logger = new Logger(QueueClients.name);
  private readonly queues = new Map<QueueName, Queue>();
  private redis?: Redis;

  constructor(@Inject(QUEUES_OPTIONS) private readonly options: QueuesOptions) {}

  /** Puts jobs on a queue in one round trip. All of them are there when it resolves. */
  async add(queue: QueueName, jobs: readonly QueuedJob[]): Promise<void> {
    await this.reach(async (redis) => {
      const bulk = jobs.map(({ id, name, data }) => ({ name, data, opts: { ...JOB_OPTIONS, jobId: id } }));
      await this.queue(redis, queue).addBulk(bulk);
    });
  }

  /** Those of the given jobs that are on the queue and not finished: waiting, active or delayed. One round trip. */
  async unfinished(queue: QueueName, jobIds: readonly string[]): Promise<Set<string>> {
    return this.reach(async (redis) => {
      const client = this.queue(redis, queue);
      const pipeline = redis.pipeline();
      for (const id of jobIds) pipeline.hmget(client.toKey(id), 'timestamp', 'finishedOn');
      const answers = (await pipeline.exec()) ?? [];
      return new Set(jobIds.filter((_, index) => isUnfinished(answers[index])));
    });
  }

  /** How much is on each queue (requirement G1: above 1,000 waiting counts as degraded). */
  async depths(): Promise<Record<QueueName, QueueDepth>> {
    return this.reach(async (redis) => {
      const depths = QUEUE_NAMES.map(async (name) => [name, await this.depth(this.queue(redis, name))] as const);
      return Object.fromEntries(await Promise.all(depths)) as Record<QueueName, QueueDepth>;
    });
  }

  /** Resolves when Redis answers. */
  async ping(): Promise<void> {
    await this.reach((redis) => redis.ping());
  }

  /** Closed last: what sends was drained in onModuleDestroy. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled([...this.queues.values()].map((queue) => queue.close()));
    this.queues.clear();
    this.redis?.disconnect();
    this.redis = undefined;
  }

  private async depth(queue: Queue): Promise<QueueDepth> {
    const counts = await queue.getJobCounts('waiting', 'active', 'delayed');
    return { waiting: counts['waiting'] ?? 0, active: counts['active'] ?? 0, delayed: counts['delayed'] ?? 0 };
  }

  private async reach<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
    try {
      return await work(await this.connected());
    } catch (error) {
      throw new QueuesUnavailable({ cause: error });
    }
  }

  private async connected(): Promise<Redis> {
    this.redis ??= this.open();
    if (this.redis.status === 'wait') await this.redis.connect();
    if (this.redis.status !== 'ready') {
      await once(this.redis, 'ready', { signal: AbortSignal.timeout(COMMAND_TIMEOUT_MS) });
    }
    return this.redis;
  }

  private open(): Redis {
    const redis = producerConnection(this.options);
    // Without a listener a lost connection would end the process. Who needed it gets the error too.
    redis.on('error', (error: Error) => this.logger.debug(`queues: ${error.message}`));
    return redis;
  }

  private queue(redis: Redis, name: QueueName): Queue {
    const known = this.queues.get(name);
    if (known) return known;
    const queue = new Queue(name, {
      prefix: this.options.prefix ?? QUEUE_PREFIX,
      connection: redis,
      // Asked while Redis restarts, its version would be an error that BullMQ remembers for good.
      skipVersionCheck: true,
      skipWaitingForReady: true,
    });
    queue.on('error', (error) => this.logger.debug(`queue ${name}: ${error.message}`));
    this.queues.set(name, queue);
    return queue;
  }
}

function isUnfinished(answer: [error: Error | null, result: unknown] | undefined): boolean {
  if (!answer) return false;
  const [error, result] = answer;
  if (error) throw error;
  const [addedAt, finishedOn] = result as (string | null)[];
  return addedAt !== null && finishedOn === null;
}
