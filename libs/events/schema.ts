import type { CapabilitySchema } from '#libs/database';
import { WorkPlane1763600000000 } from './migrations/1763600000000-work-plane.js';
import { EffectKeys1763700401000 } from './migrations/1763700401000-effect-keys.js';

/** The work plane of a tenant database: outbox and deliveries. */
export const eventsSchema: CapabilitySchema = { platformMigrations: [WorkPlane1763600000000, EffectKeys1763700401000] };
