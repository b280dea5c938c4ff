import type { HealthCheckResult } from '@nestjs/terminus';

/** The health page, in the words of source 2, section 10. */
export interface HealthPage {
  readonly status: 'healthy' | 'degraded' | 'unhealthy';
  readonly timestamp: string;
  readonly checks: Readonly<Record<string, 'ok' | 'degraded' | 'failed'>>;
  /** What the checks measured. */
  readonly details: HealthCheckResult['details'];
}

const STATUS = { ok: 'healthy', degraded: 'degraded', error: 'unhealthy', shutting_down: 'unhealthy' } as const;
const CHECK = { up: 'ok', degraded: 'degraded', down: 'failed' } as const;

/** The page of a result. */
export function healthPage({ status, details }: HealthCheckResult, at: Date): HealthPage {
  const checks = Object.entries(details).map(([name, found]) => [name, CHECK[found.status]] as const);
  return { status: STATUS[status], timestamp: at.toISOString(), checks: Object.fromEntries(checks), details };
}
