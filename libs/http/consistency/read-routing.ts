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
import { SessionPositions } from './session-positions.js';

/** Header with which a client says how fresh the answer must be, and is told how far it has seen. */
export const CONSISTENCY_HEADER = 'X-Consistency-Token';

type Looked = Promise<WalPosition[] | undefined>;

const looked = new WeakMap<FastifyRequest, Looked>();

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
    if (this.router?.splitsAny && isRead(request)) looked.set(request, this.look(request));
    return true;
  }

  private async look(request: FastifyRequest): Looked {
    const claims = await this.token.claimsIfValid(request);
    if (!claims) return [];
    // Not knowing is an answer too: the primary serves.
    return this.positions.of(claims.tenantId, claims.sessionId).catch(() => undefined);
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
    if (!isRead(request) || readsFromPrimary(context.getHandler(), context.getClass())) return true;
    const token = request.headers[CONSISTENCY_HEADER.toLowerCase()];
    if (token !== undefined) consistency.needToken(String(token));
    consistency.mayUseReplicas();
    const positions = looked.get(request);
    return positions === undefined || needAll(consistency, tenant, positions);
  }
}

async function needAll(consistency: Consistency, { placement }: TenantIdentity, looking: Looked): Promise<true> {
  const positions = await looking;
  if (!positions) consistency.onlyPrimary();
  // Of a cluster that the tenant has left, nothing can be missing here.
  for (const position of positions ?? []) if (position.cluster === placement.cluster) consistency.need(position);
  return true;
}
