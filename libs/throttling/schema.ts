import type { CapabilitySchema } from '#libs/database';
import { RateLimits1763700300000 } from './migrations/1763700300000-rate-limits.js';
import { UnmeteredPlan1763700301000 } from './migrations/1763700301000-unmetered-plan.js';

/** The landlord's tables of rate limits. */
export const throttlingSchema: CapabilitySchema = {
  landlordMigrations: [RateLimits1763700300000, UnmeteredPlan1763700301000],
};
