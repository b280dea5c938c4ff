import { Injectable } from '@nestjs/common';
import { currentPrincipal } from '#libs/context';
import { EndSessions } from './end-sessions.js';

/** Ends the session that the caller calls with: its access and refresh tokens are void at once, on every node. */
@Injectable()
export class SignOut {
  constructor(private readonly sessions: EndSessions) {}

  async execute(): Promise<void> {
    const { id, sessionId } = currentPrincipal();
    if (sessionId === undefined) return;
    await this.sessions.one(id, sessionId, 'signed_out');
  }
}
