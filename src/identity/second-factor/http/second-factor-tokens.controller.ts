import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CookiesOff, CsrfRefused } from '#libs/auth';
import { Answers, LoginLimit, OwnUnitsOfWork, Public, Refuses } from '#libs/http';
import { TooManyAttempts } from '../../attempts/attempt.errors.js';
import { SESSION_HEADER, SessionAnswers } from '../../sessions/http/session-answers.js';
import { clientOf } from '../../sessions/http/session-client.js';
import { sessionAnswerSchema } from '../../sessions/http/tokens.schemas.js';
import { CredentialsRefused } from '../../sessions/session.errors.js';
import { AnswerChallenge } from '../answer-challenge.js';
import { ChallengeRefused, SecondFactorRefused } from '../second-factor.errors.js';
import { type ChallengeAnswerBody, challengeAnswerSchema } from './second-factor.schemas.js';

/** Signing in with a second factor. */
@ApiTags('Sign-in')
@Controller({ path: 'auth/tokens/second-factor', version: '1' })
export class SecondFactorTokensController {
  constructor(
    private readonly answerChallenge: AnswerChallenge,
    private readonly answers: SessionAnswers,
  ) {}

  /** A pair of tokens for the challenge that signing in was answered with, and a code. */
  @Post()
  @Public()
  @LoginLimit()
  @OwnUnitsOfWork(
    'a wrong code is counted although it is refused',
    'Tokens are kept nowhere, and each code is good once: a repetition is refused.',
  )
  @ApiHeader({
    name: SESSION_HEADER,
    required: false,
    description: '`cookie`: keep the session in a cookie, if allowed',
  })
  @Answers(200, sessionAnswerSchema)
  @Refuses(ChallengeRefused, SecondFactorRefused, TooManyAttempts, CredentialsRefused, CookiesOff, CsrfRefused)
  async issue(
    @Body({ schema: challengeAnswerSchema }) { challenge, code }: ChallengeAnswerBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    this.answers.prepare(request);
    const tokens = await this.answerChallenge.execute({ challenge, code, client: clientOf(request) });
    return this.answers.give(request, reply, tokens);
  }
}
