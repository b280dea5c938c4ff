import { setTimeout as sleep } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ExecutionContext } from '#libs/context';
import { type Consistency, consistencyToken } from '#libs/database';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONSISTENCY_HEADER } from './read-routing.js';
import { SessionPositions } from './session-positions.js';

/** An answer to a write waits so long for the session to know of it. The token is in the answer in any case. */
const SESSION_WAIT_MS = 50;

/** Answers that anybody may keep say nothing of what one client has seen. */
function isShared(reply: FastifyReply): boolean {
  return String(reply.getHeader('cache-control') ?? '').startsWith('public');
}

async function raise(positions: SessionPositions, context: ExecutionContext, seen: Consistency['seen']): Promise<void> {
  const { tenant, principal } = context;
  if (!seen || !tenant || !principal?.sessionId) return;
  const raising = positions.raise(tenant.id, principal.sessionId, seen);
  await Promise.race([raising, sleep(SESSION_WAIT_MS, undefined, { ref: false })]);
}

async function continueAfter(raised: Promise<void>, done: () => void): Promise<void> {
  await raised;
  done();
}

/**
 * Tells the client how far its request has seen, in the header of the answer; and the session, when replicas may not be as far
 * yet. The next request of the session may reach another api sooner than this one's message reaches Redis, so the answer to a
 * write waits for it, for a moment.
 *
 * A session that has nothing to miss is not told of what the primary showed it, because no replica could serve just then. It
 * would have to be shown as much from then on; and while replicas lag, whoever asks more often than they lag would never come
 * back to them, all readers of the primary together. Who wants that sends the token.
 */
export function tellPositions(app: NestFastifyApplication): void {
  const hook = (request: FastifyRequest, reply: FastifyReply, _payload: unknown, done: () => void): void => {
    const context = request.executionContext;
    const consistency = context?.consistency as Consistency | undefined;
    const seen = consistency?.seen;
    if (!context || !seen || isShared(reply)) return done();
    reply.header(CONSISTENCY_HEADER, consistencyToken(seen));
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!consistency.sawPrimary || (isRead && !consistency.wasAsked)) return done();
    const raised = raise(app.get(SessionPositions, { strict: false }), context, seen);
    if (isRead) return done();
    void continueAfter(raised, done);
  };
  app.getHttpAdapter().getInstance().addHook('onSend', hook);
}
