import type { QueuedJob } from '#libs/queues';

/** What travels through Redis: who is to do something, never what it is about. */
export interface DeliveryJob {
  readonly deliveryId: string;
  readonly tenantId: string;
  readonly consumer: string;
  readonly correlationId: string;
  /** A consistency token: where the tenant's database had come to when the event was in it. Absent without replicas. */
  readonly position?: string;
}

/** The job of one handover of a delivery. A later handover is another job, whatever became of this one. */
export function deliveryJob(job: DeliveryJob, handovers: number): QueuedJob {
  return { id: deliveryJobId(job.deliveryId, handovers), name: job.consumer, data: job };
}

/** BullMQ allows no colon in it. */
export function deliveryJobId(deliveryId: string, handovers: number): string {
  return `${deliveryId}-${handovers}`;
}
