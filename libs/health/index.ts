export { DatabaseCheck } from './checks/database.check.js';
export { QueueCheck, WAITING_MAX } from './checks/queue.check.js';
export { RedisCheck } from './checks/redis.check.js';
export { HealthModule, type HealthOptions } from './health.module.js';
export type { HealthPage } from './health-page.js';
export { type CheckResult, ReadinessCheck } from './readiness-check.js';
