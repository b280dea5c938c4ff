import { Controller, Get, Res, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { HealthCheckResult } from '@nestjs/terminus';
import { Public, Unlimited, WithoutTenant } from '#libs/http';
import type { FastifyReply } from 'fastify';
import { Health } from './health.js';
import { healthPage, type HealthPage } from './health-page.js';

/** The probes of a process (requirement D5). Their answers are Terminus's own, refusals included. */
@ApiExcludeController()
@Controller({ version: VERSION_NEUTRAL })
@Public()
@WithoutTenant()
@Unlimited()
export class HealthController {
  constructor(private readonly health: Health) {}

  /** Does the process run? An orchestrator restarts it when not. */
  @Get('livez')
  async live(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthCheckResult> {
    return answered(reply, await this.health.live());
  }

  /** Should requests be sent here? A balancer leaves it out while not. */
  @Get('readyz')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthCheckResult> {
    return answered(reply, await this.health.ready());
  }

  /** How is it? For people and dashboards (source 2, section 10). */
  @Get('health')
  async state(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthPage> {
    return healthPage(answered(reply, await this.health.state()), new Date());
  }
}

function answered(reply: FastifyReply, result: HealthCheckResult): HealthCheckResult {
  const serves = result.status === 'ok' || result.status === 'degraded';
  reply.code(serves ? 200 : 503).header('Cache-Control', 'no-store');
  return result;
}
