import { Injectable } from '@nestjs/common';
import { SessionCookies } from '#libs/auth';
import { currentTenant } from '#libs/context';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { SessionTokens } from '../session-tokens.js';
import { presentTokens, type sessionAnswerSchema } from './tokens.schemas.js';

/** Header by which a browser asks for its session in a cookie: `X-Session: cookie`. */
export const SESSION_HEADER = 'X-Session';

/** Gives a session to whoever has signed in, in whatever way: its tokens, or a cookie where the client asked for one. */
@Injectable()
export class SessionAnswers {
  constructor(private readonly cookies: SessionCookies) {}

  /** To be asked before somebody is signed in: whether they can be given what they want. @throws CookiesOff, CsrfRefused */
  prepare(request: FastifyRequest): void {
    if (wantsCookie(request)) this.cookies.requireAllowed(request);
  }

  /** The body of the answer, which no cache may keep. */
  async give(
    request: FastifyRequest,
    reply: FastifyReply,
    tokens: SessionTokens,
  ): Promise<z.input<typeof sessionAnswerSchema>> {
    reply.header('Cache-Control', 'no-store');
    if (!wantsCookie(request)) return presentTokens(tokens);
    const { userId, sessionId } = tokens;
    const { id: tenantId, slug: tenantSlug } = currentTenant();
    const csrfToken = await this.cookies.begin(request, reply, { userId, sessionId, tenantId, tenantSlug });
    return { csrfToken, expiresIn: this.cookies.expiresInS };
  }

  /** Takes the cookies of a session away that has ended. */
  takeBack(reply: FastifyReply): void {
    this.cookies.end(reply);
  }
}

function wantsCookie({ headers }: FastifyRequest): boolean {
  return headers['x-session'] === 'cookie';
}
