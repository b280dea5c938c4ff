import { Controller, Delete, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Answers, IdParam, Refuses, SignedIn } from '#libs/http';
import { InvalidCursor } from '#libs/kernel';
import { SessionNotFound } from '../session.errors.js';
import { SessionQueries } from '../session.queries.js';
import { SignOutElsewhere } from '../sign-out-elsewhere.js';
import { presentSession, type SessionListQuery, sessionListQuery, sessionPageSchema } from './sessions.schemas.js';

/** One’s own sessions: where one is signed in, and out with what should not be. */
@ApiTags('Sign-in')
@Controller({ path: 'auth/sessions', version: '1' })
export class SessionsController {
  constructor(
    private readonly queries: SessionQueries,
    private readonly signOut: SignOutElsewhere,
  ) {}

  /** The caller’s sessions that still hold, newest first. */
  @Get()
  @SignedIn()
  @Answers(200, sessionPageSchema)
  @Refuses(InvalidCursor)
  async list(@Query({ schema: sessionListQuery }) query: SessionListQuery) {
    const page = await this.queries.page(query);
    return { items: page.items.map(presentSession), nextCursor: page.nextCursor };
  }

  /** Ends all sessions of the caller but the one that asks. */
  @Delete()
  @SignedIn()
  @Answers(204)
  async endOthers(): Promise<void> {
    await this.signOut.all();
  }

  /** Ends one session of the caller: its tokens are void at once. */
  @Delete(':id')
  @SignedIn()
  @Answers(204)
  @Refuses(SessionNotFound)
  async end(@IdParam() id: string): Promise<void> {
    await this.signOut.one(id);
  }
}
