import { Body, Controller, Get, Post, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CookiesOff, CsrfRefused, PasswordChecksBusy } from '#libs/auth';
import { Answers, LoginLimit, OwnUnitsOfWork, Public, Refuses } from '#libs/http';
import { SESSION_HEADER, SessionAnswers } from '../../sessions/http/session-answers.js';
import { clientOf } from '../../sessions/http/session-client.js';
import { sessionAnswerSchema } from '../../sessions/http/tokens.schemas.js';
import { CredentialsRefused, SecondFactorRequired } from '../../sessions/session.errors.js';
import { Authorize } from '../authorize.js';
import {
  AuthorizationRefused,
  AuthorizationUnknown,
  IdentityNotLinked,
  IdentityProviderNotFound,
  IdentityProviderUnavailable,
} from '../oidc.errors.js';
import { IdentityProviderQueries } from '../../identity-providers/identity-provider.queries.js';
import { SignInWithProvider } from '../sign-in-with-provider.js';
import {
  authorizationSchema,
  type BeginBody,
  beginSchema,
  choicesSchema,
  type FinishBody,
  finishSchema,
  presentAuthorization,
} from './oidc.schemas.js';

const ASKS = 'it asks the identity provider in between';

/** Signing in by another identity provider (OpenID Connect). */
@ApiTags('Sign-in')
@Controller({ path: 'auth', version: '1' })
export class OidcTokensController {
  constructor(
    private readonly queries: IdentityProviderQueries,
    private readonly authorize: Authorize,
    private readonly signIn: SignInWithProvider,
    private readonly answers: SessionAnswers,
  ) {}

  /** By whom people of this tenant may sign in. */
  @Get('identity-providers')
  @Public()
  @Answers(200, choicesSchema)
  async choices() {
    return { items: await this.queries.choices() };
  }

  /** Begins: send the browser to `url`; it comes back to `/sign-in/callback` of the front end (`WEB_URL`). */
  @Post('oidc-authorizations')
  @Public()
  @LoginLimit()
  @OwnUnitsOfWork(ASKS, 'Each time, another authorization begins.')
  @Answers(200, authorizationSchema)
  @Refuses(IdentityProviderNotFound, IdentityProviderUnavailable)
  async begin(@Body({ schema: beginSchema }) body: BeginBody, @Res({ passthrough: true }) reply: FastifyReply) {
    const begun = await this.authorize.begin(body.provider, null);
    reply.header('Cache-Control', 'no-store');
    return presentAuthorization(begun);
  }

  /** A pair of tokens for the ticket, and what the browser came back with. Each ticket is good once. */
  @Post('tokens/oidc')
  @Public()
  @LoginLimit()
  @OwnUnitsOfWork(ASKS, 'Tokens are kept nowhere, and each ticket is good once: a repetition is refused.')
  @ApiHeader({
    name: SESSION_HEADER,
    required: false,
    description: '`cookie`: keep the session in a cookie, if allowed',
  })
  @Answers(200, sessionAnswerSchema)
  @Refuses(
    AuthorizationUnknown,
    AuthorizationRefused,
    IdentityNotLinked,
    IdentityProviderNotFound,
    IdentityProviderUnavailable,
    SecondFactorRequired,
    CredentialsRefused,
    PasswordChecksBusy,
    CookiesOff,
    CsrfRefused,
  )
  async issue(
    @Body({ schema: finishSchema }) { ticket, response }: FinishBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    this.answers.prepare(request);
    const tokens = await this.signIn.execute({ ticket, response, client: clientOf(request) });
    return this.answers.give(request, reply, tokens);
  }
}
