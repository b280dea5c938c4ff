import { Injectable } from '@nestjs/common';
import { RedisClients, type RedisRole } from '#libs/redis';
import { CHECK_TIMEOUT_MS, type CheckResult, ReadinessCheck } from '../readiness-check.js';

const ROLES: readonly RedisRole[] = ['cache', 'locks', 'sessions'];

/** The Redis of every role but the queues' answers. */
@Injectable()
export class RedisCheck extends ReadinessCheck {
  override readonly name = 'redis';

  constructor(private readonly clients: RedisClients) {
    super();
  }

  override async check(): Promise<CheckResult> {
    await Promise.all(ROLES.map((role) => this.clients.ping(role, CHECK_TIMEOUT_MS)));
    return {};
  }
}
