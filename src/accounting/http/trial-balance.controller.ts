import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { currentTenant } from '#libs/context';
import { Answers, RequiresPermission } from '#libs/http';
import { businessDate, Clock } from '#libs/kernel';
import { TrialBalanceQueries } from '../accounts/trial-balance.queries.js';
import { presentTrialBalance } from './accounting.presenters.js';
import { trialBalanceQuery, trialBalanceSchema } from './accounting.schemas.js';

/** What every account has on it at a date. */
@ApiTags('Accounting')
@Controller({ path: 'trial-balance', version: '1' })
export class TrialBalanceController {
  constructor(
    private readonly queries: TrialBalanceQueries,
    private readonly clock: Clock,
  ) {}

  @Get()
  @RequiresPermission('accounting.read')
  @Answers(200, trialBalanceSchema)
  async at(@Query({ schema: trialBalanceQuery }) query: z.output<typeof trialBalanceQuery>) {
    const at = query.at ?? businessDate(this.clock.now(), currentTenant().timeZone);
    return presentTrialBalance(await this.queries.at(at));
  }
}
