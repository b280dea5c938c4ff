/** Queues: the table of them, and the way onto them. What is put on a queue is counted and kept in PostgreSQL. */
export { QueueClients, type QueueDepth, type QueuedJob } from './queue-clients.js';
export {
  backoffMs,
  isQueueName,
  QUEUE_NAMES,
  QUEUES,
  queuesNamed,
  type BackoffPolicy,
  type QueueName,
  type QueuePolicy,
} from './queue-table.js';
export { QueuesUnavailable } from './queues.errors.js';
export { QueuesModule } from './queues.module.js';
export { QUEUES_OPTIONS, workerOptions, type QueuesOptions } from './queues.options.js';
