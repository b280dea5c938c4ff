import { Inject, Injectable, ServiceUnavailableException } from '@nestjs/common';
import {
  HealthCheckService,
  type HealthCheckResult,
  type HealthIndicatorFunction,
  type HealthIndicatorResult,
  HealthIndicatorService,
} from '@nestjs/terminus';
import { Draining } from '#libs/http';
import { logger } from '#libs/telemetry';
import { CHECK_TIMEOUT_MS, READINESS_CHECKS, ReadinessCheck } from './readiness-check.js';

/** Probes have no rate limit: however many come, each check runs twice a second at most. */
const CHECK_FRESH_MS = 500;

/** Runs the checks of a process, each bounded, through Terminus. */
@Injectable()
export class Health {
  constructor(
    private readonly terminus: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly draining: Draining,
    @Inject(READINESS_CHECKS) private readonly checks: readonly ReadinessCheck[],
  ) {}

  /** The process runs: it can answer. Asks nobody else. */
  live(): Promise<HealthCheckResult> {
    return this.run([]);
  }

  /** The process can do its work, and is not on its way out. */
  ready(): Promise<HealthCheckResult> {
    return this.run([() => this.stay(), ...this.dependencies()]);
  }

  /** What the process depends on, whether or not it is on its way out. */
  state(): Promise<HealthCheckResult> {
    return this.run(this.dependencies());
  }

  /** Terminus throws what a probe answers with 503; here it is an answer like any other. */
  private async run(indicators: HealthIndicatorFunction[]): Promise<HealthCheckResult> {
    try {
      return await this.terminus.check(indicators);
    } catch (error) {
      if (error instanceof ServiceUnavailableException) return error.getResponse() as HealthCheckResult;
      throw error;
    }
  }

  private stay(): HealthIndicatorResult {
    const session = this.indicators.check('process');
    return this.draining.isDraining ? session.down('draining') : session.up();
  }

  private dependencies(): HealthIndicatorFunction[] {
    return this.checks.map((check) => () => this.indicate(check));
  }

  private async indicate(check: ReadinessCheck): Promise<HealthIndicatorResult> {
    const session = this.indicators.check(check.name);
    const attempt = session
      .attempt(() => outcomeOf(check))
      .withTimeout(CHECK_TIMEOUT_MS)
      .cacheFor(CHECK_FRESH_MS);
    const { [check.name]: found } = await attempt;
    if (found?.status !== 'up' || found['degraded'] !== true) return { [check.name]: found ?? { status: 'down' } };
    const { status: _up, degraded: _flag, ...details } = found;
    return session.degraded(details);
  }
}

/** What a check found; a failure is told to the log and not to whoever probes. */
async function outcomeOf(check: ReadinessCheck): Promise<Record<string, unknown>> {
  try {
    const { degraded = false, details = {} } = await check.check();
    return { ...(degraded && { degraded }), ...details };
  } catch (error) {
    logger().warn({ err: error, check: check.name }, 'health check failed');
    throw new Error('does not answer', { cause: error });
  }
}
