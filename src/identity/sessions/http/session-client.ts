import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { SessionClient } from '../start-session.js';

const USER_AGENT_MAX = 300;

/** Where somebody signs in from, for their list of sessions. */
export function clientOf(request: FastifyRequest): SessionClient {
  const userAgent = request.headers['user-agent']?.replaceAll('\0', '').slice(0, USER_AGENT_MAX) ?? null;
  return { ip: isIP(request.ip) === 0 ? null : request.ip, userAgent };
}
