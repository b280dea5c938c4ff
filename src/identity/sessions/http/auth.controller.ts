import { Body, Controller, Delete, Get, Post, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CookiesOff, CsrfRefused, PasswordChecksBusy } from '#libs/auth';
import { currentPrincipal, currentTenant } from '#libs/context';
import { Answers, OwnUnitsOfWork, Public, Refuses, SignedIn } from '#libs/http';
import { LoginLimit } from '#libs/throttling';
import { TooManyAttempts } from '../../attempts/attempt.errors.js';
import { UserQueries } from '../../users/user.queries.js';
import { RefreshSession } from '../refresh-session.js';
import { CredentialsRefused, RefreshRefused, SecondFactorRequired } from '../session.errors.js';
import type { SessionTokens } from '../session-tokens.js';
import { SignIn } from '../sign-in.js';
import { SignOut } from '../sign-out.js';
import { SESSION_HEADER, SessionAnswers } from './session-answers.js';
import { clientOf } from './session-client.js';
import { meSchema, sessionAnswerSchema, type TokenRequest, tokenRequestSchema } from './tokens.schemas.js';

/** Signing in and out. */
@ApiTags('Sign-in')
@Controller({ path: 'auth', version: '1' })
export class AuthController {
  constructor(
    private readonly signIn: SignIn,
    private readonly refreshSession: RefreshSession,
    private readonly signOut: SignOut,
    private readonly users: UserQueries,
    private readonly answers: SessionAnswers,
  ) {}

  /** A pair of tokens for a password, or the next pair for a refresh token. The tenant is named by X-Tenant or host. */
  @Post('tokens')
  @Public()
  @LoginLimit()
  @OwnUnitsOfWork(
    'passwords are verified between two units of work, and a reused refresh token ends its session although it is refused',
    'Tokens are kept nowhere, so no answer is repeated: signing in again opens another session, and a refresh token works once.',
  )
  @ApiHeader({
    name: SESSION_HEADER,
    required: false,
    description: '`cookie`: keep the session in a cookie, if allowed',
  })
  @Answers(200, sessionAnswerSchema)
  @Refuses(
    CredentialsRefused,
    TooManyAttempts,
    SecondFactorRequired,
    RefreshRefused,
    PasswordChecksBusy,
    CookiesOff,
    CsrfRefused,
  )
  async issue(
    @Body({ schema: tokenRequestSchema }) body: TokenRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    this.answers.prepare(request);
    return this.answers.give(request, reply, await this.tokensFor(body, request));
  }

  /** Signs out: the session's access and refresh tokens, and its cookie, are void from now on. */
  @Delete('tokens/current')
  @SignedIn()
  @Answers(204)
  async revoke(@Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    await this.signOut.execute();
    this.answers.takeBack(reply);
  }

  /** Who is signed in, or whose API key it is, and what they may do. */
  @Get('me')
  @SignedIn({ withApiKey: true })
  @Answers(200, meSchema)
  async me() {
    const principal = currentPrincipal();
    const { id, email, name } = await this.users.get(principal.id);
    const { id: tenantId, slug, name: company, currency, timeZone } = currentTenant();
    const tenant = { id: tenantId, slug, name: company, currency, timeZone };
    return { id, email, name, permissions: [...principal.permissions].toSorted(), tenant };
  }

  private async tokensFor(body: TokenRequest, request: FastifyRequest): Promise<SessionTokens> {
    if (body.grantType === 'refresh_token') return this.refreshSession.execute(body.refreshToken);
    const { email, password } = body;
    return this.signIn.execute({ email, password, ...clientOf(request) });
  }
}
