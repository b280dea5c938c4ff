import { Injectable } from '@nestjs/common';
import { runInContext, systemPrincipal } from '#libs/context';
import { Consistency, UnitOfWork } from '#libs/database';
import { QUEUES } from '#libs/queues';
import { TenantDirectory } from '#libs/tenancy';
import type { Attempt, Outcome } from './attempt.js';
import { ConsumerRegistry, type RegisteredConsumer } from './consumer-registry.js';
import type { DeliveryJob } from './delivery-job.js';
import { ConsumerMissing } from './delivery.errors.js';
import { DeliveryRows } from './delivery-rows.js';
import { ExternalConsumption } from './external-consumption.js';
import { FailedAttempts } from './failed-attempts.js';
import { Handling } from './handling.js';
import { TransactionalConsumption } from './transactional-consumption.js';

/** Workers that a delivery may end before it is buried. Generous: its neighbours die with it. */
const DEATHS_MAX = 10;

/** This worker does not know the consumer, a newer one will; milliseconds. */
const UNKNOWN_CONSUMER_DELAY_MS = 5_000;

/** Runs the jobs of the queues: one job, one delivery, in the context of its tenant. */
@Injectable()
export class DeliveryRunner {
  constructor(
    private readonly tenants: TenantDirectory,
    private readonly consumers: ConsumerRegistry,
    private readonly transactional: TransactionalConsumption,
    private readonly external: ExternalConsumption,
    private readonly failures: FailedAttempts,
    private readonly unitOfWork: UnitOfWork,
    private readonly rows: DeliveryRows,
  ) {}

  /**
   * Runs a delivery to an end that is written down.
   * @param deaths how many workers died while they had this job
   * @throws when nothing could be written down; the delivery stays handed over until the sweeper finds it
   */
  async run(job: DeliveryJob, deaths: number, signal?: AbortSignal): Promise<Outcome> {
    const tenant = await this.tenants.byId(job.tenantId);
    // Nothing of the surroundings: a job is the beginning of its own story.
    const fresh = { unitOfWork: undefined, settledEvents: undefined, now: undefined, consistency: consistencyOf(job) };
    const context = { ...fresh, tenant, correlationId: job.correlationId, principal: systemPrincipal(job.consumer) };
    return runInContext(context, () => this.runForTenant(job, deaths, signal));
  }

  private async runForTenant(job: DeliveryJob, deaths: number, signal?: AbortSignal): Promise<Outcome> {
    const consumer = this.consumers.find(job.consumer);
    if (!consumer) return this.leaveToNewer(job);
    const policy = QUEUES[consumer.subscription.queue];
    const handling = new Handling(job.consumer, policy, signal);
    const attempt: Attempt = { job, consumer, policy, handling, leaseId: null };
    try {
      if (deaths > DEATHS_MAX) return await this.failures.bury(attempt, deaths);
      return await this.consume(attempt, consumer);
    } catch (error) {
      return await this.failures.record(attempt, error);
    } finally {
      handling.end();
    }
  }

  private consume(attempt: Attempt, { subscription }: RegisteredConsumer): Promise<Outcome> {
    return subscription.external ? this.external.run(attempt) : this.transactional.run(attempt);
  }

  private async leaveToNewer(job: DeliveryJob): Promise<Outcome> {
    const { message } = new ConsumerMissing(job.consumer);
    await this.unitOfWork.run(() => this.rows.postpone(job.deliveryId, null, UNKNOWN_CONSUMER_DELAY_MS, message));
    return 'postponed';
  }
}

/** Replicas that have come to the event may serve what is only read; without its position none may. */
function consistencyOf({ position }: DeliveryJob): Consistency | undefined {
  if (position === undefined) return undefined;
  const consistency = new Consistency();
  consistency.needToken(position);
  consistency.mayUseReplicas();
  return consistency;
}
