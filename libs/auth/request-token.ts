import { Injectable } from '@nestjs/common';
import { AuthenticationRequired } from '#libs/context';
import type { FastifyRequest } from 'fastify';
import { type AccessClaims, AccessTokens } from './access-tokens.js';
import { InvalidToken } from './auth.errors.js';

const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i;

/** Whether the request brings credentials at all. */
export function hasCredentials(request: FastifyRequest): boolean {
  return request.headers.authorization !== undefined;
}

/** The token of a request, unread. @throws AuthenticationRequired, InvalidToken */
export function bearerOf({ headers: { authorization } }: FastifyRequest): string {
  if (authorization === undefined) throw new AuthenticationRequired();
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined) throw new InvalidToken();
  return token;
}

/** The access token of a request, read once however many guards ask. */
@Injectable()
export class RequestToken {
  private readonly read = new WeakMap<FastifyRequest, Promise<AccessClaims>>();

  constructor(private readonly tokens: AccessTokens) {}

  /**
   * What the token says. Costs a signature check and no look-up.
   *
   * @throws AuthenticationRequired without a token
   * @throws InvalidToken @throws TokenExpired
   */
  claimsOf(request: FastifyRequest): Promise<AccessClaims> {
    const known = this.read.get(request);
    if (known) return known;
    const claims = this.verify(request);
    this.read.set(request, claims);
    return claims;
  }

  /** The same; undefined for no token or one that does not hold. */
  async claimsIfValid(request: FastifyRequest): Promise<AccessClaims | undefined> {
    if (!hasCredentials(request)) return undefined;
    return this.claimsOf(request).catch(() => undefined);
  }

  private async verify(request: FastifyRequest): Promise<AccessClaims> {
    return this.tokens.verify(bearerOf(request));
  }
}
