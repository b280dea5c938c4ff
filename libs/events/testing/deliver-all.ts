import type { DynamicModule, INestApplicationContext } from '@nestjs/common';
import { inTenant } from '#libs/tenancy';
import type { TenantIdentity } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { DISPATCH_DEFAULTS } from '../dispatch.options.js';
import type { Outcome } from '../processing/attempt.js';
import { ConsumptionModule } from '../processing/consumption.module.js';
import type { DeliveryJob } from '../processing/delivery-job.js';
import { DeliveryRunner } from '../processing/delivery-runner.js';

/** For specs of capabilities: consumers run when {@link deliverAll} is called, with neither relay nor Redis. */
export function consumptionForTests(): DynamicModule {
  return ConsumptionModule.forRoot({ queues: [], ...DISPATCH_DEFAULTS });
}

/** How one delivery ended. */
export interface DeliveredForTest {
  readonly consumer: string;
  readonly outcome: Outcome;
}

const ROUNDS_MAX = 50;

const NEXT = `
  select id as "deliveryId", tenant_id as "tenantId", consumer, correlation_id as "correlationId"
  from platform.delivery where state = 'pending' and due_at <= clock_timestamp() order by sequence, id`;

/**
 * Runs the tenant's due deliveries, and those that these bring about, until none is left. The tenant must be known to
 * the landlord (`registerTenant`). Deliveries that failed wait for their back-off and are left.
 */
export async function deliverAll(
  module: INestApplicationContext,
  tenant: TenantIdentity,
  consumers?: readonly string[],
): Promise<DeliveredForTest[]> {
  const unitOfWork = module.get(UnitOfWork, { strict: false });
  const runner = module.get(DeliveryRunner, { strict: false });
  const delivered: DeliveredForTest[] = [];
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const due = await inTenant(tenant, () => unitOfWork.read(() => unitOfWork.query<DeliveryJob>(NEXT)));
    const wanted = due.filter(({ consumer }) => consumers?.includes(consumer) ?? true);
    if (wanted.length === 0) return delivered;
    for (const job of wanted) delivered.push({ consumer: job.consumer, outcome: await runner.run(job, 0) });
  }
  throw new Error(`deliveries were still due after ${ROUNDS_MAX} rounds`);
}
