import { Body, Controller, Get, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AnswerOnce, Answers, LoginLimit, OwnUnitsOfWork, Refuses, SignedIn } from '#libs/http';
import { TooManyAttempts } from '../../attempts/attempt.errors.js';
import { ChangeSecondFactor } from '../change-second-factor.js';
import { CodeRefused, SecondFactorActive, SecondFactorNotFound } from '../second-factor.errors.js';
import { SecondFactorQueries } from '../second-factor.queries.js';
import { SetUpSecondFactor } from '../set-up-second-factor.js';
import {
  type CodeBody,
  codeSchema,
  presentFactor,
  recoveryCodesSchema,
  secondFactorSchema,
  setUpSchema,
} from './second-factor.schemas.js';

const COUNTS = 'a wrong code is counted although it is refused';
const ONCE = 'Each code is good once: a repetition is refused.';

/** The caller's own second factor: codes of an authenticator (TOTP, RFC 6238). */
@ApiTags('Sign-in')
@Controller({ path: 'auth/second-factor', version: '1' })
export class SecondFactorController {
  constructor(
    private readonly queries: SecondFactorQueries,
    private readonly setUp: SetUpSecondFactor,
    private readonly change: ChangeSecondFactor,
  ) {}

  /** Whether the caller has one, and how many recovery codes are left. */
  @Get()
  @SignedIn()
  @Answers(200, secondFactorSchema)
  async own() {
    return presentFactor(await this.queries.own());
  }

  /** Begins to set one up. It works once it is confirmed with a first code, within an hour. */
  @Post()
  @SignedIn()
  @LoginLimit()
  @AnswerOnce()
  @Answers(201, setUpSchema)
  @Refuses(SecondFactorActive)
  async begin(@Res({ passthrough: true }) reply: FastifyReply) {
    const setUp = await this.setUp.begin();
    reply.headers({ 'Cache-Control': 'no-store', Location: '/v1/auth/second-factor' });
    return setUp;
  }

  /** Confirms it with a first code. Ends the caller's other sessions; gives recovery codes. */
  @Post('confirmation')
  @SignedIn()
  @LoginLimit()
  @AnswerOnce()
  @Answers(200, recoveryCodesSchema)
  @Refuses(SecondFactorNotFound, SecondFactorActive, CodeRefused)
  async confirm(@Body({ schema: codeSchema }) { code }: CodeBody, @Res({ passthrough: true }) reply: FastifyReply) {
    const recoveryCodes = await this.setUp.confirm(code);
    reply.header('Cache-Control', 'no-store');
    return { recoveryCodes };
  }

  /** Gives new recovery codes for a code; those of before are void. */
  @Post('recovery-codes')
  @SignedIn()
  @LoginLimit()
  @OwnUnitsOfWork(COUNTS, ONCE)
  @Answers(200, recoveryCodesSchema)
  @Refuses(CodeRefused, TooManyAttempts, SecondFactorNotFound)
  async renew(@Body({ schema: codeSchema }) { code }: CodeBody, @Res({ passthrough: true }) reply: FastifyReply) {
    const recoveryCodes = await this.change.renewRecoveryCodes(code);
    reply.header('Cache-Control', 'no-store');
    return { recoveryCodes };
  }

  /** Removes it for a code. */
  @Post('removal')
  @SignedIn()
  @LoginLimit()
  @OwnUnitsOfWork(COUNTS, ONCE)
  @Answers(204)
  @Refuses(CodeRefused, TooManyAttempts)
  async remove(@Body({ schema: codeSchema }) { code }: CodeBody): Promise<void> {
    await this.change.remove(code);
  }
}
