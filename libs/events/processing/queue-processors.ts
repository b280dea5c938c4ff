import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject, Logger, type OnApplicationBootstrap, type OnModuleDestroy, type Type } from '@nestjs/common';
import type { Job } from 'bullmq';
import { type QueueName, QUEUES, workerOptions } from '#libs/queues';
import { DISPATCH_OPTIONS, type DispatchOptions } from '../dispatch.options.js';
import type { DeliveryJob } from './delivery-job.js';
import { DeliveryRunner } from './delivery-runner.js';

const WARNING_INTERVAL_MS = 10_000;

/** Takes the jobs of one queue. */
export abstract class QueueProcessor extends WorkerHost implements OnApplicationBootstrap, OnModuleDestroy {
  protected abstract readonly queue: QueueName;
  private readonly logger = new Logger(QueueProcessor.name);
  private warnedAt = 0;

  constructor(
    @Inject(DeliveryRunner) private readonly runner: DeliveryRunner,
    @Inject(DISPATCH_OPTIONS) private readonly options: DispatchOptions,
  ) {
    super();
  }

  // BullMQ gives a signal only to functions of three parameters.
  override async process(job: Job<DeliveryJob>, _token?: string, signal?: AbortSignal): Promise<void> {
    await this.runner.run(job.data, job.stalledCounter, signal);
  }

  /** Starts to take jobs, now that everything handlers need is there. */
  onApplicationBootstrap(): void {
    this.worker.run().catch((error: Error) => this.onError(error));
  }

  /** Takes no more jobs and waits for the running ones, before the connections they use are closed (requirement C8). */
  async onModuleDestroy(): Promise<void> {
    const interruption = setTimeout(() => this.worker.cancelAllJobs('the worker stops'), this.options.drainMs);
    await this.worker.close();
    clearTimeout(interruption);
  }

  // Without a listener a lost connection would end the process.
  @OnWorkerEvent('error')
  onError(error: Error): void {
    // While Redis is away each connection reports every try to reconnect.
    if (Date.now() - this.warnedAt < WARNING_INTERVAL_MS) return;
    this.warnedAt = Date.now();
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
