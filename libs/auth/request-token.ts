import { Injectable } from '@nestjs/common';
import { AuthenticationRequired, type Principal, runInContext } from '#libs/context';
import { TenantUnknown } from '#libs/tenancy';
import type { FastifyRequest } from 'fastify';
import { type AccessClaims, AccessTokens } from './access-tokens.js';
import { isApiKey, readApiKey } from './api-key.js';
import { InvalidToken } from './auth.errors.js';
import { ApiKeyVerifier, TenantLookup } from './ports.js';
import { hasSessionCookie, type SessionCookie, SessionCookies } from './session-cookies.js';

const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i;

/** What a request brings to show who calls. */
export type RequestClaims = SessionClaims | ApiKeyHolder;

/** A token of a session, or its cookie. Whether the session still holds is not known yet. */
interface SessionClaims {
  readonly kind: 'session';
  readonly tenantId: string;
  /** Who is counted by rate limits. */
  readonly userId: string;
  readonly sessionId: string;
  readonly session: AccessClaims;
  readonly cookie: SessionCookie | undefined;
}

/** An API key, verified. */
interface ApiKeyHolder {
  readonly kind: 'api-key';
  readonly tenantId: string;
  /** Who is counted by rate limits: the key, not the user whose it is. */
  readonly userId: string;
  /** Its requests follow one another like those of a session. */
  readonly sessionId: string;
  readonly principal: Principal;
}

/** Whether the request brings credentials at all. */
export function hasCredentials(request: FastifyRequest): boolean {
  return request.headers.authorization !== undefined || hasSessionCookie(request);
}

/** The token of a request, unread. @throws AuthenticationRequired, InvalidToken */
export function bearerOf({ headers: { authorization } }: FastifyRequest): string {
  if (authorization === undefined) throw new AuthenticationRequired();
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined) throw new InvalidToken();
  return token;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** What its credentials say, as soon as anybody has asked. */
    claimsRead?: Promise<RequestClaims>;
  }
}

/** The credentials of a request, read once however many guards ask. `Authorization` goes before a cookie. */
@Injectable()
export class RequestToken {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly cookies: SessionCookies,
    private readonly tenants: TenantLookup,
    private readonly apiKeys: ApiKeyVerifier,
  ) {}

  /**
   * What they say. A token costs a signature check and no look-up; an API key is looked up.
   *
   * @throws AuthenticationRequired without any
   * @throws InvalidToken @throws TokenExpired
   */
  claimsOf(request: FastifyRequest): Promise<RequestClaims> {
    request.claimsRead ??= this.verify(request);
    return request.claimsRead;
  }

  /** The same; undefined for none or such as do not hold. */
  async claimsIfValid(request: FastifyRequest): Promise<RequestClaims | undefined> {
    if (!hasCredentials(request)) return undefined;
    return this.claimsOf(request).catch(() => undefined);
  }

  private async verify(request: FastifyRequest): Promise<RequestClaims> {
    const cookie = request.headers.authorization === undefined ? await this.cookies.read(request) : undefined;
    if (cookie) return sessionClaims(cookie.claims, cookie);
    const token = bearerOf(request);
    return isApiKey(token) ? this.holderOf(token, request.ip) : sessionClaims(await this.tokens.verify(token));
  }

  private async holderOf(token: string, ip: string): Promise<ApiKeyHolder> {
    const key = readApiKey(token);
    if (!key) throw new InvalidToken();
    const { tenantId } = key;
    const tenant = await this.tenants.byId(tenantId).catch((error: unknown) => {
      throw error instanceof TenantUnknown ? new InvalidToken() : error;
    });
    const context = { tenant, principal: undefined, unitOfWork: undefined };
    const principal = await runInContext(context, () => this.apiKeys.verify(key, ip));
    const { apiKeyId } = principal;
    return { kind: 'api-key', tenantId, userId: apiKeyId, sessionId: apiKeyId, principal };
  }
}

function sessionClaims(session: AccessClaims, cookie?: SessionCookie): SessionClaims {
  const { tenantId, userId, sessionId } = session;
  return { kind: 'session', tenantId, userId, sessionId, session, cookie };
}
