import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Answers, OperatorOnly, OwnUnitsOfWork, Refuses } from '#libs/http';
import { PlanUnknown, RateLimitSettings } from '#libs/throttling';
import { planSchema, type SetLimitsBody, setLimitsSchema } from './rate-limits.schemas.js';

const Plan = () => Param('plan', { schema: planSchema });

/** How often the tenants of a plan may ask; every process follows a change within two seconds. */
@ApiTags('Landlord')
@OperatorOnly()
@OwnUnitsOfWork(
  'Landlord work is done in the landlord database, of no tenant’s unit of work',
  'Not needed: whatever is sent twice leaves what the last one said',
)
@Controller({ path: 'landlord/plans/:plan/rate-limits', version: '1' })
export class PlanRateLimitsController {
  constructor(private readonly settings: RateLimitSettings) {}

  /** The limits of a plan; what is left out comes from the configuration. */
  @Get()
  @Answers(200, setLimitsSchema)
  @Refuses(PlanUnknown)
  async show(@Plan() plan: string) {
    return this.settings.ofPlan(plan);
  }

  /** Gives a plan exactly these limits. */
  @Put()
  @Answers(200, setLimitsSchema)
  @Refuses(PlanUnknown)
  async set(@Plan() plan: string, @Body({ schema: setLimitsSchema }) limits: SetLimitsBody) {
    return this.settings.setOfPlan(plan, limits);
  }
}
