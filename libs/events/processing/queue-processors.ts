import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject, Logger, type OnApplicationBootstrap, type OnModuleDestroy, type Type } from '@nestjs/common';
import type { Job } from 'bullmq';
import { type QueueName, QUEUES, workerOptions } from '#libs/queues';
import { DISPATCH_OPTIONS, type DispatchOptions } from '../dispatch.options.js';
import { pause } from '../pause.js';
import type { DeliveryJob } from './delivery-job.js';
import { DeliveryRunner } from './delivery-runner.js';

/** For BullMQ to say goodbye to Redis after the last job; milliseconds. */
const CLOSE_TIMEOUT_MS = 3_000;

/** Takes the jobs of one queue. */
export abstract class QueueProcessor extends WorkerHost implements OnApplicationBootstrap, OnModuleDestroy {
  protected abstract readonly queue: QueueName;
  private readonly logger = new Logger(QueueProcessor.name);
  private readonly running = new Set<Promise<unknown>>();

  constructor(
    @Inject(DeliveryRunner) private readonly runner: DeliveryRunner,
    @Inject(DISPATCH_OPTIONS) private readonly options: DispatchOptions,
  ) {
    super();
  }

  // BullMQ gives a signal only to functions of three parameters.
  override async process(job: Job<DeliveryJob>, _token?: string, signal?: AbortSignal): Promise<void> {
    const run = this.runner.run(job.data, job.stalledCounter, signal);
    this.running.add(run);
    try {
      await run;
    } finally {
      this.running.delete(run);
    }
  }

  /** Starts to take jobs, now that everything handlers need is there. */
  onApplicationBootstrap(): void {
    this.worker.run().catch((error: Error) => this.onError(error));
  }

  /** Takes no more jobs and waits for the running ones, before the connections they use are closed (requirement C8). */
  async onModuleDestroy(): Promise<void> {
    const interruption = setTimeout(() => this.worker.cancelAllJobs('the worker stops'), this.options.drainMs);
    const closed = new AbortController();
    const close = this.worker.close().then(() => closed.abort());
    await Promise.race([close, this.finished().then(() => pause(CLOSE_TIMEOUT_MS, closed.signal))]);
    clearTimeout(interruption);
    if (!closed.signal.aborted) await this.abandonRedis();
  }

  private async finished(): Promise<void> {
    while (this.running.size > 0) await Promise.allSettled(this.running);
  }

  /** When Redis is away BullMQ waits for it for ever, and Nest, which closes its workers again, would with it. */
  private async abandonRedis(): Promise<void> {
    this.logger.warn(`queue ${this.queue}: Redis does not answer, its connections are dropped`);
    this.worker.close = async () => undefined;
    await this.worker.getBackend().close(true);
  }

  // Without a listener a lost connection would end the process.
  @OnWorkerEvent('error')
  onError(error: Error): void {
    this.logger.warn(`queue ${this.queue}: ${error.message}`);
  }

  @OnWorkerEvent('failed')
  onFailed(job: Job<DeliveryJob> | undefined, error: Error): void {
    const { deliveryId, consumer } = job?.data ?? {};
    this.logger.warn(`delivery ${deliveryId} to ${consumer} was left to the sweeper: ${error.message}`);
  }
}

/** Makes the `@Processor` of a queue: Nest finds it and gives it its BullMQ worker. */
export function queueProcessor(queue: QueueName): Type<QueueProcessor> {
  @Processor({ name: queue }, workerOptions(QUEUES[queue]))
  class DeclaredQueueProcessor extends QueueProcessor {
    protected override readonly queue = queue;
  }
  return DeclaredQueueProcessor;
}
