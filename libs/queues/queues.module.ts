import { BullModule } from '@nestjs/bullmq';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { DrainingWorker } from './draining-worker.js';
import { QueueClients } from './queue-clients.js';
import { consumerConnection, QUEUES_OPTIONS, type QueuesOptions } from './queues.options.js';

/** The queues of one process. */
@Global()
@Module({})
export class QueuesModule {
  /** For every process: {@link QueueClients}. Opens no connection by itself. */
  static forRoot(options: QueuesOptions): DynamicModule {
    return {
      module: QueuesModule,
      providers: [{ provide: QUEUES_OPTIONS, useValue: options }, QueueClients],
      exports: [QUEUES_OPTIONS, QueueClients],
    };
  }

  /** For the worker in addition: makes BullMQ workers of all classes marked `@Processor`. */
  static forProcessors(options: QueuesOptions): DynamicModule {
    BullModule.workerClass = DrainingWorker;
    return {
      module: QueueProcessorsModule,
      // registerQueue() of no queue: it is what starts the discovery of processors.
      imports: [BullModule.forRoot(consumerConnection(options)), BullModule.registerQueue()],
    };
  }
}

@Module({})
class QueueProcessorsModule {}
