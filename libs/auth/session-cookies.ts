import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppConfig } from '#libs/config';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AccessClaims } from './access-tokens.js';
import { CookiesOff, CsrfRefused, InvalidToken } from './auth.errors.js';
import { type TokenKind, TokenSigner } from './token-signer.js';

/** A session's cookie as it came with a request. */
export interface SessionCookie {
  readonly claims: AccessClaims;
  /** SHA-256 of the CSRF token that belongs to it, base64url. */
  readonly csrfHash: string;
  /** Seconds of Unix time. */
  readonly issuedAt: number;
}

/** Opens a session in a browser alone: it passes for no access token, nor one for it. */
const KIND: TokenKind = { type: 'session+jwt', audience: 'quoin-browser' };
const CSRF_HEADER = 'x-csrf-token';
const CSRF_BYTES = 32;
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
/** A cookie is renewed once so much of its life is over. */
const RENEWED_AFTER = 0.25;

const payloadSchema = z.object({
  sub: z.uuid(),
  tid: z.uuid(),
  sid: z.uuid(),
  tenant: z.string().min(1).max(63),
  csrf: z.string().length(43),
  iat: z.int(),
});

/**
 * Sessions in cookies, for browsers: httpOnly, Secure, SameSite, on this host alone (source 2, section 4). Off unless
 * SESSION_COOKIE is on. What changes anything must come from a page of ours and bring the CSRF token in a header: a token
 * of the session that other sites can neither read nor have sent along (OWASP: signed double-submit).
 */
@Injectable()
export class SessionCookies {
  private readonly session: string;
  private readonly csrf: string;
  private readonly lifeS: number;

  constructor(
    private readonly config: AppConfig,
    private readonly signer: TokenSigner,
  ) {
    const { sessionCookie, sessionLifetimeMin } = config.auth;
    // Browsers take the prefix from secure answers for the whole host alone: no other subdomain can plant one.
    const prefix = sessionCookie.isSecure ? '__Host-' : '';
    this.session = `${prefix}quoin_session`;
    this.csrf = `${prefix}quoin_csrf`;
    this.lifeS = sessionLifetimeMin * 60;
  }

  /** Seconds that a cookie holds, from its last renewal. */
  get expiresInS(): number {
    return this.lifeS;
  }

  /**
   * Gives the browser its session. What it must send in `X-CSRF-Token`, also in a cookie that pages can read.
   *
   * @throws CookiesOff @throws CsrfRefused from a page of somebody else, which would sign people in as itself
   */
  async begin(request: FastifyRequest, reply: FastifyReply, claims: AccessClaims): Promise<string> {
    this.requireAllowed(request);
    const token = randomBytes(CSRF_BYTES).toString('base64url');
    await this.send(reply, claims, token);
    return token;
  }

  /** Whether the page that asks may be given a session at all. @throws CookiesOff, CsrfRefused */
  requireAllowed(request: FastifyRequest): void {
    if (!this.config.auth.sessionCookie.isOn) throw new CookiesOff();
    this.requireOurOrigin(request);
  }

  /** The cookie of a request; undefined without one, or when cookies are off. @throws InvalidToken, TokenExpired */
  async read(request: FastifyRequest): Promise<SessionCookie | undefined> {
    const value = this.config.auth.sessionCookie.isOn ? cookieOf(request, this.session) : undefined;
    if (value === undefined) return undefined;
    const parsed = payloadSchema.safeParse(await this.signer.read(KIND, value));
    if (!parsed.success) throw new InvalidToken();
    const { sub, tid, sid, tenant, csrf, iat } = parsed.data;
    const claims = { userId: sub, tenantId: tid, tenantSlug: tenant, sessionId: sid };
    return { claims, csrfHash: csrf, issuedAt: iat };
  }

  /** Refuses what another site's page may have sent in the name of whoever is signed in. @throws CsrfRefused */
  requireOurPage(request: FastifyRequest, { csrfHash }: SessionCookie): void {
    if (SAFE_METHODS.has(request.method)) return;
    this.requireOurOrigin(request);
    const given = Buffer.from(hashOf(String(request.headers[CSRF_HEADER] ?? '')));
    if (!timingSafeEqual(given, Buffer.from(csrfHash))) throw new CsrfRefused();
  }

  /** Lets the cookie of somebody who is active live on. */
  async renew(request: FastifyRequest, reply: FastifyReply, cookie: SessionCookie): Promise<void> {
    const token = cookieOf(request, this.csrf);
    const ageS = Date.now() / 1_000 - cookie.issuedAt;
    if (ageS < this.lifeS * RENEWED_AFTER || token === undefined || hashOf(token) !== cookie.csrfHash) return;
    await this.send(reply, cookie.claims, token);
  }

  /** Takes the cookies away. */
  end(reply: FastifyReply): void {
    if (!this.config.auth.sessionCookie.isOn) return;
    reply.header('set-cookie', [this.cookie(this.session, '', 0, true), this.cookie(this.csrf, '', 0, false)]);
  }

  private async send(reply: FastifyReply, claims: AccessClaims, csrfToken: string): Promise<void> {
    const { userId, tenantId: tid, sessionId: sid, tenantSlug: tenant } = claims;
    const contents = { tid, sid, tenant, csrf: hashOf(csrfToken) };
    const { token } = await this.signer.sign(KIND, { subject: userId, claims: contents, lifeS: this.lifeS });
    reply.header('set-cookie', [
      this.cookie(this.session, token, this.lifeS, true),
      this.cookie(this.csrf, csrfToken, this.lifeS, false),
    ]);
  }

  private cookie(name: string, value: string, maxAgeS: number, httpOnly: boolean): string {
    const { isSecure, sameSite } = this.config.auth.sessionCookie;
    const attributes = [
      `${name}=${value}`,
      'Path=/',
      `Max-Age=${maxAgeS}`,
      ...(httpOnly ? ['HttpOnly'] : []),
      ...(isSecure ? ['Secure'] : []),
      sameSite === 'strict' ? 'SameSite=Strict' : 'SameSite=Lax',
    ];
    return attributes.join('; ');
  }

  /** Browsers name the origin of whatever changes anything; a client that names none is no browser. */
  private requireOurOrigin(request: FastifyRequest): void {
    const { origin, 'sec-fetch-site': site } = request.headers;
    if (origin === undefined && site !== 'cross-site') return;
    const ours = [`${request.protocol}://${request.host}`, new URL(this.config.api.publicUrl).origin];
    if (origin === undefined || ![...ours, ...this.config.api.corsOrigins].includes(origin)) throw new CsrfRefused();
  }
}

/** Whether the request brings the cookie of a session, of whatever worth. */
export function hasSessionCookie({ headers: { cookie } }: FastifyRequest): boolean {
  return cookie?.includes('quoin_session=') ?? false;
}

function cookieOf({ headers }: FastifyRequest, name: string): string | undefined {
  for (const pair of headers.cookie?.split(';') ?? []) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
