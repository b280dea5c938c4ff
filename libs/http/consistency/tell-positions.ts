import { setTimeout as sleep } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Consistency, consistencyToken, type WalPosition } from '#libs/database';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { announcedBy, CONSISTENCY_HEADER, isLookedAt } from './read-routing.js';
import { SessionPositions } from './session-positions.js';

/** A write that could not be announced waits so long for the session to know of it. The token is in the answer in any case. */
const SESSION_WAIT_MS = 100;

/** Answers that anybody may keep say nothing of what one client has seen. */
function isShared(reply: FastifyReply): boolean {
  return String(reply.getHeader('cache-control') ?? '').startsWith('public');
}

function isRead({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

/** The answer need not wait for what was announced: until it is settled, every api takes the session to the primary. */
async function settle(positions: SessionPositions, request: FastifyRequest, seen?: WalPosition): Promise<void> {
  const announced = await announcedBy(request);
  if (!announced) return;
  const { session, write } = announced;
  const settled = positions.settle(session, seen, write);
  if (write === undefined && seen) await Promise.race([settled, sleep(SESSION_WAIT_MS, undefined, { ref: false })]);
}

async function continueAfter(settled: Promise<void>, done: () => void): Promise<void> {
  await settled;
  done();
}

/**
 * Tells the client how far its request has seen, in the header of the answer; and the session, when replicas may not be as far
 * yet.
 *
 * A session that has nothing to miss is not told of what the primary showed it, because no replica could serve just then. It
 * would have to be shown as much from then on; and while replicas lag, whoever asks more often than they lag would never come
 * back to them, all readers of the primary together. Who wants that sends the token.
 */
export function tellPositions(app: NestFastifyApplication): void {
  const hook = (request: FastifyRequest, reply: FastifyReply, _payload: unknown, done: () => void): void => {
    const consistency = request.executionContext?.consistency as Consistency | undefined;
    const seen = consistency?.seen;
    if (seen && !isShared(reply)) reply.header(CONSISTENCY_HEADER, consistencyToken(seen));
    const positions = () => app.get(SessionPositions, { strict: false });
    if (!isRead(request)) {
      // Refused or not: what was announced is over.
      if (isLookedAt(request)) return void continueAfter(settle(positions(), request, seen), done);
    } else if (seen && consistency.sawPrimary && consistency.wasAsked) {
      void settle(positions(), request, seen);
    }
    done();
  };
  app.getHttpAdapter().getInstance().addHook('onSend', hook);
}
