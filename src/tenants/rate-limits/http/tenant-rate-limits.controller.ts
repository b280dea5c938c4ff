import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Answers, OperatorOnly, OwnUnitsOfWork, Refuses } from '#libs/http';
import { TenantUnknown } from '#libs/tenancy';
import { PlanUnknown, RateLimitSettings } from '#libs/throttling';
import { SLUG } from '../../sign-up/new-tenant.js';
import {
  type NewPlanBody,
  newPlanSchema,
  type SetLimitsBody,
  setLimitsSchema,
  tenantLimitsSchema,
} from './rate-limits.schemas.js';

const Slug = () => Param('slug', { schema: z.string().max(63).regex(SLUG) });

/** How often a tenant may ask; every process follows a change within two seconds. */
@ApiTags('Landlord')
@OperatorOnly()
@OwnUnitsOfWork(
  'Landlord work is done in the landlord database, of no tenant’s unit of work',
  'Not needed: whatever is sent twice leaves what the last one said',
)
@Controller({ path: 'landlord/tenants/:slug', version: '1' })
export class TenantRateLimitsController {
  constructor(private readonly settings: RateLimitSettings) {}

  /** The limits of a tenant, and where they come from. */
  @Get('rate-limits')
  @Answers(200, tenantLimitsSchema)
  @Refuses(TenantUnknown)
  async show(@Slug() slug: string) {
    return this.settings.ofTenant(slug);
  }

  /** Gives a tenant exactly these limits of its own. */
  @Put('rate-limits')
  @Answers(200, tenantLimitsSchema)
  @Refuses(TenantUnknown)
  async set(@Slug() slug: string, @Body({ schema: setLimitsSchema }) limits: SetLimitsBody) {
    return this.settings.setOfTenant(slug, limits);
  }

  /** Puts a tenant on another plan. */
  @Put('plan')
  @Answers(200, tenantLimitsSchema)
  @Refuses(TenantUnknown, PlanUnknown)
  async putOnPlan(@Slug() slug: string, @Body({ schema: newPlanSchema }) { plan }: NewPlanBody) {
    return this.settings.putOnPlan(slug, plan);
  }
}
