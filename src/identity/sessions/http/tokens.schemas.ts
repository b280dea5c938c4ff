import { z } from 'zod';
import { uuid } from '#libs/http';
import type { SessionTokens } from '../session-tokens.js';

/** Body of `POST /v1/auth/tokens`. */
export const tokenRequestSchema = z
  .discriminatedUnion('grantType', [
    z.strictObject({
      grantType: z.literal('password').optional().describe('password unless given'),
      email: z.string().min(1).max(254),
      password: z.string().min(1).max(200),
    }),
    z.strictObject({ grantType: z.literal('refresh_token'), refreshToken: z.string().min(1).max(100) }),
  ])
  .meta({
    id: 'TokenRequest',
    example: { grantType: 'password', email: 'owner@acme.example', password: 'correct horse battery staple' },
  });

/** A session's tokens. */
export const tokensSchema = z
  .strictObject({
    accessToken: z.string().describe('Send it as `Authorization: Bearer …`'),
    tokenType: z.literal('Bearer'),
    expiresIn: z.int().describe('Seconds until the access token expires'),
    refreshToken: z.string().describe('Good for one use; a second use ends the session'),
  })
  .meta({ id: 'Tokens' });

/** A session that a browser keeps in a cookie. */
export const cookieSessionSchema = z
  .strictObject({
    csrfToken: z.string().describe('Send it as `X-CSRF-Token` with whatever changes anything; it is in a cookie too'),
    expiresIn: z.int().describe('Seconds that the cookie holds; it is renewed while it is used'),
  })
  .meta({ id: 'CookieSession' });

/** What signing in gives: tokens, or a cookie where `X-Session: cookie` asked for one. */
export const sessionAnswerSchema = z.union([tokensSchema, cookieSessionSchema]);

/** Who the caller is. */
export const meSchema = z
  .strictObject({
    id: uuid,
    email: z.string(),
    name: z.string(),
    permissions: z.array(z.string()),
    tenant: z.strictObject({
      id: uuid,
      slug: z.string(),
      name: z.string(),
      currency: z.string(),
      timeZone: z.string(),
    }),
  })
  .meta({ id: 'Me' });

/** What somebody who wants tokens sends. */
export type TokenRequest = z.output<typeof tokenRequestSchema>;

/** The answer with tokens (the names of RFC 6749, in camel case). */
export function presentTokens(tokens: SessionTokens): z.input<typeof tokensSchema> {
  const { accessToken, expiresInS, refreshToken } = tokens;
  return { accessToken, tokenType: 'Bearer', expiresIn: expiresInS, refreshToken };
}
