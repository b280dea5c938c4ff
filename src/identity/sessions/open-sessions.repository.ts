import { Injectable } from '@nestjs/common';
import { IsNull, MoreThan } from 'typeorm';
import { TenantRepository, UnitOfWork } from '#libs/database';
import type { Page } from '#libs/kernel';
import { Session } from './session.entity.js';
import { SessionNotFound } from './session.errors.js';

/** Sessions to look at. */
@Injectable()
export class OpenSessions extends TenantRepository<Session> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, Session, SessionNotFound);
  }

  /** Those of a user that still hold, the newest first. `idleMin`: see AppConfig.auth. */
  async pageOf(
    userId: string | undefined,
    idleMin: number,
    request: { limit: number; cursor?: string | undefined },
  ): Promise<Page<Session>> {
    const now = Date.now();
    const where = {
      ...(userId !== undefined && { userId }),
      revokedAt: IsNull(),
      expiresAt: MoreThan(new Date(now)),
      lastSeenAt: MoreThan(new Date(now - idleMin * 60_000)),
    };
    return this.page({ ...request, where });
  }
}
