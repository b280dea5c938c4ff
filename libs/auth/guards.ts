import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import {
  AuthenticationRequired,
  currentContext,
  type ExecutionContext as RequestContext,
  type Principal,
  TenantRequired,
} from '#libs/context';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { accessOf, isWithoutTenant, type RouteAccess } from './access.decorators.js';
import { PermissionDenied, SessionRequired } from './auth.errors.js';
import { OperatorTokens } from './operator-tokens.js';
import { OperatorVerifier, SessionVerifier } from './ports.js';
import { RequestTenant } from './request-tenant.js';
import { bearerOf, hasCredentials, RequestToken } from './request-token.js';
import { SessionCookies } from './session-cookies.js';

function requestOf(context: ExecutionContext): FastifyRequest {
  return context.switchToHttp().getRequest<FastifyRequest>();
}

function accessTo(context: ExecutionContext): RouteAccess {
  const access = accessOf(context.getHandler(), context.getClass());
  // The audit at boot has refused such a route already; this is for whoever serves one without the audit.
  if (!access) throw new Error(`${context.getClass().name}.${context.getHandler().name} declares no permission`);
  return access;
}

function openContext(): RequestContext {
  const context = currentContext();
  if (!context) throw new Error('No execution context: serve the application with createHttpApp');
  return context;
}

/**
 * Lets the session be looked up while limits are counted: both questions go to Redis at the same time, so that a request
 * waits for one round trip. Refuses nothing.
 */
@Injectable()
export class SessionLookAheadGuard implements CanActivate {
  constructor(
    private readonly token: RequestToken,
    private readonly sessions: SessionVerifier,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const { kind } = accessTo(context);
    if (kind === 'signed-in' || kind === 'permission') void this.lookAhead(requestOf(context));
    return true;
  }

  private async lookAhead(request: FastifyRequest): Promise<void> {
    const claims = await this.token.claimsIfValid(request);
    if (claims?.kind === 'session') this.sessions.prepare?.(claims.session);
  }
}

/** Puts the tenant into the context. Routes need one unless they are `@WithoutTenant()`. */
@Injectable()
export class TenantGuard implements CanActivate {
  constructor(
    private readonly tenant: RequestTenant,
    private readonly token: RequestToken,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (isWithoutTenant(context.getHandler(), context.getClass())) return true;
    const request = requestOf(context);
    const tenant = await this.tenant.of(request);
    if (!tenant) throw await this.refusal(request, accessTo(context));
    openContext().tenant = tenant;
    return true;
  }

  /** Without a tenant, the token that should have named one is the better explanation. */
  private async refusal(request: FastifyRequest, access: RouteAccess): Promise<unknown> {
    if (hasCredentials(request))
      return this.token.claimsOf(request).then(
        () => new TenantRequired(),
        (error) => error,
      );
    return access.kind === 'public' ? new TenantRequired() : new AuthenticationRequired();
  }
}

/** Puts the principal of a live session, or the operator, into the context. Public routes have none. */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  constructor(
    private readonly token: RequestToken,
    private readonly sessions: SessionVerifier,
    private readonly operatorTokens: OperatorTokens,
    private readonly operators: OperatorVerifier,
    private readonly cookies: SessionCookies,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { kind } = accessTo(context);
    if (kind === 'public') return true;
    const request = requestOf(context);
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    openContext().principal = await (kind === 'operator' ? this.operatorOf(request) : this.userOf(request, reply));
    return true;
  }

  private async userOf(request: FastifyRequest, reply: FastifyReply): Promise<Principal> {
    const claims = await this.token.claimsOf(request);
    if (claims.kind === 'api-key') return claims.principal;
    const { session, cookie } = claims;
    if (cookie) this.cookies.requireOurPage(request, cookie);
    const principal = await this.sessions.verify(session);
    if (cookie) await this.cookies.renew(request, reply, cookie);
    return principal;
  }

  private async operatorOf(request: FastifyRequest): Promise<Principal> {
    const claims = await this.operatorTokens.verify(bearerOf(request));
    return this.operators.verify(claims, `${request.method} ${request.routeOptions.url ?? ''}`);
  }
}

/** @throws SessionRequired when the user acts by an API key */
export function requireSession(principal: Principal | undefined): void {
  if (principal?.apiKeyId !== undefined) throw new SessionRequired();
}

/** Lets pass who has all permissions that the route requires. */
@Injectable()
export class PermissionGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const access = accessTo(context);
    const { principal } = openContext();
    if (access.kind === 'signed-in' && !access.withApiKey) requireSession(principal);
    if (access.kind !== 'permission') return true;
    if (!principal) throw new AuthenticationRequired();
    const missing = access.permissions.filter((permission) => !principal.permissions.has(permission));
    if (missing.length > 0) throw new PermissionDenied(missing);
    return true;
  }
}
