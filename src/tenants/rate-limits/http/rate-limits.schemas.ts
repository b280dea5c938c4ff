import { z } from 'zod';
import { PER_MINUTE_MAX } from '#libs/throttling';

const perMinute = z.int().min(1).max(PER_MINUTE_MAX).describe('Requests in any minute');

const limitsShape = {
  route: perMinute.describe('Of one user, or one address, on one route'),
  tenant: perMinute.describe('Of the whole tenant'),
  login: perMinute.describe('Of one address, on routes of signing in'),
  registration: perMinute.describe('Of one address, on routes of signing up'),
  reset: perMinute.describe('Of one address, on routes of password resets'),
  search: perMinute.describe('Of one user, or one address, on a search'),
};

/** Limits that are set; what is left out comes from the plan, then from the configuration. */
export const setLimitsSchema = z
  .strictObject(limitsShape)
  .partial()
  .meta({ id: 'RateLimits', example: { route: 600, tenant: 60_000 } });

/** Body of `PUT …/plan`, and the plan's name in a path. */
export const planSchema = z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/);
export const newPlanSchema = z.strictObject({ plan: planSchema }).meta({ id: 'TenantPlan' });

/** What holds for a tenant, and where it comes from. */
export const tenantLimitsSchema = z
  .strictObject({
    plan: z.string(),
    own: setLimitsSchema,
    ofPlan: setLimitsSchema,
    effective: z.strictObject(limitsShape).meta({ id: 'EffectiveRateLimits' }),
  })
  .meta({ id: 'TenantRateLimits' });

/** Bodies as the controllers get them. */
export type SetLimitsBody = z.output<typeof setLimitsSchema>;
export type NewPlanBody = z.output<typeof newPlanSchema>;
