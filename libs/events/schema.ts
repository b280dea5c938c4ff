import type { CapabilitySchema } from '#libs/database';
import { WorkPlane1763600000000 } from './migrations/1763600000000-work-plane.js';

/** The work plane of a tenant database: outbox, deliveries, idempotency keys. */
export const eventsSchema: CapabilitySchema = { platformMigrations: [WorkPlane1763600000000] };
