import {
  type CanActivate,
  type ExecutionContext,
  Injectable,
  type OnApplicationBootstrap,
  Optional,
} from '@nestjs/common';
import { RequestToken } from '#libs/auth';
import { currentContext, type TenantIdentity } from '#libs/context';
import { type Consistency, ensureConsistency, ReplicaRouter, type WalPosition } from '#libs/database';
import type { FastifyRequest } from 'fastify';
import { readsFromPrimary } from './read-from-primary.decorator.js';
import { type SessionName, SessionPositions } from './session-positions.js';

/** Header with which a client says how fresh the answer must be, and is told how far it has seen. */
export const CONSISTENCY_HEADER = 'X-Consistency-Token';

/** What Redis says of the session of a request: how far it is, or under which name this write was announced. */
interface Look {
  readonly session: SessionName;
  readonly positions?: Promise<WalPosition[] | undefined>;
  readonly write?: Promise<string | undefined>;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The look at its session, where databases have replicas. */
    sessionLook?: Promise<Look | undefined>;
  }
}

/** Whether Redis was asked, or told, about the session of this request. */
export function isLookedAt(request: FastifyRequest): boolean {
  return request.sessionLook !== undefined;
}

/** The session of a write, and the name under which it was announced, if it could be. */
export async function announcedBy(
  request: FastifyRequest,
): Promise<{ readonly session: SessionName; readonly write: string | undefined } | undefined> {
  const look = await request.sessionLook;
  return look && { session: look.session, write: await look.write };
}

function requestOf(context: ExecutionContext): FastifyRequest {
  return context.switchToHttp().getRequest<FastifyRequest>();
}

function isRead({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Lets the session's position be looked up while limits are counted and the session is looked up: one wait for all. */
@Injectable()
export class PositionLookAheadGuard implements CanActivate, OnApplicationBootstrap {
  /** @param router absent in applications without a database */
  constructor(
    private readonly token: RequestToken,
    private readonly positions: SessionPositions,
    @Optional() private readonly router?: ReplicaRouter,
  ) {}

  /** The first request finds the replicas known. */
  onApplicationBootstrap(): void {
    this.router?.watch();
  }

  canActivate(context: ExecutionContext): boolean {
    const request = requestOf(context);
    if (this.router?.splitsAny) request.sessionLook = this.look(request);
    return true;
  }

  private async look(request: FastifyRequest): Promise<Look | undefined> {
    const claims = await this.token.claimsIfValid(request);
    if (claims?.kind !== 'session') return undefined;
    const { tenantId, session } = claims;
    const name = { tenantId, sessionId: session.sessionId };
    // Not knowing is an answer too: the primary serves, and a write tells Redis before its answer leaves.
    if (isRead(request)) return { session: name, positions: this.positions.of(name).catch(() => undefined) };
    return { session: name, write: this.positions.announce(name).catch(() => undefined) };
  }
}

/**
 * The last guard: from here on, reads of GET and HEAD may be served by replicas that have come to what the client has seen,
 * by the token that it sends or by its session. Whatever changes something reads from the primary, and so did the guards.
 */
@Injectable()
export class ReadRoutingGuard implements CanActivate {
  /** @param router absent in applications without a database */
  constructor(@Optional() private readonly router?: ReplicaRouter) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const tenant = currentContext()?.tenant;
    if (!tenant || !this.router?.splits(tenant.placement.cluster)) return true;
    const request = requestOf(context);
    const consistency = ensureConsistency();
    // Before anything is committed, every api knows that this session writes.
    if (!isRead(request)) return announcedBy(request).then(() => true);
    if (readsFromPrimary(context.getHandler(), context.getClass())) return true;
    const token = request.headers[CONSISTENCY_HEADER.toLowerCase()];
    if (token !== undefined) consistency.needToken(String(token));
    consistency.mayUseReplicas();
    const look = request.sessionLook;
    return look === undefined || needAll(consistency, tenant, look);
  }
}

async function needAll(
  consistency: Consistency,
  { placement }: TenantIdentity,
  looking: Promise<Look | undefined>,
): Promise<true> {
  const look = await looking;
  if (!look) return true;
  const positions = await look.positions;
  if (!positions) consistency.onlyPrimary();
  // Of a cluster that the tenant has left, nothing can be missing here.
  for (const position of positions ?? []) if (position.cluster === placement.cluster) consistency.need(position);
  return true;
}
