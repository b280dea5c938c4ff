import { Injectable } from '@nestjs/common';
import { AppConfig } from '#libs/config';
import { currentPrincipal } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import type { Page } from '#libs/kernel';
import { deviceOf } from './device.js';
import { OpenSessions } from './open-sessions.repository.js';
import type { Session } from './session.entity.js';
import { sessionPolicy } from './session.policy.js';

/** A session as its user sees it. */
export interface SessionView {
  readonly id: string;
  /** `Firefox on Linux`. */
  readonly device: string | null;
  readonly userAgent: string | null;
  readonly ip: string | null;
  readonly amr: readonly string[];
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
  /** It is the one that asks. */
  readonly isCurrent: boolean;
}

/** Reads of one's own sessions. */
@Injectable()
export class SessionQueries {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly sessions: OpenSessions,
    private readonly config: AppConfig,
  ) {}

  /** Those that still hold, newest first. */
  async page(request: { limit: number; cursor?: string | undefined }): Promise<Page<SessionView>> {
    const principal = currentPrincipal();
    const owner = sessionPolicy.ownerToList(principal);
    const { sessionLifetimeMin } = this.config.auth;
    const page = await this.unitOfWork.read(() => this.sessions.pageOf(owner, sessionLifetimeMin, request));
    return { ...page, items: page.items.map((session) => viewOf(session, principal.sessionId)) };
  }
}

function viewOf(session: Session, currentId: string | undefined): SessionView {
  const { id, userAgent, ip, amr, createdAt, lastSeenAt, expiresAt } = session;
  return {
    id,
    device: deviceOf(userAgent),
    userAgent,
    ip,
    amr,
    createdAt,
    lastSeenAt,
    expiresAt,
    isCurrent: id === currentId,
  };
}
