import { Injectable } from '@nestjs/common';

/** What is remembered of a live session. */
export interface CachedSession {
  readonly email: string;
  readonly permissions: readonly string[];
}

/** Placeholder until libs/redis is there: remembers nothing. */
@Injectable()
export class SessionCache {
  async through(
    _userId: string,
    _sessionId: string,
    load: () => Promise<CachedSession | undefined>,
  ): Promise<CachedSession | undefined> {
    return load();
  }

  forgetUserAfterCommit(_userId: string): void {}

  forgetTenantAfterCommit(): void {}
}
