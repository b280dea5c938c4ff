import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Answers, Public, Refuses, RegistrationLimit, ResetLimit, SignedIn } from '#libs/http';
import { EmailedTokenRefused } from '../../emailed-tokens/emailed-token.errors.js';
import { RequestEmailVerification } from '../request-email-verification.js';
import { VerifyEmail } from '../verify-email.js';
import { type EmailVerification, emailVerificationSchema } from './email-verifications.schemas.js';

/** Proof that users read the mail of their addresses. */
@ApiTags('Sign-in')
@Controller({ path: 'auth/email-verifications', version: '1' })
export class EmailVerificationsController {
  constructor(
    private readonly requestVerification: RequestEmailVerification,
    private readonly verifyEmail: VerifyEmail,
  ) {}

  /** Mails the caller a link to verify their address, unless it is verified already. */
  @Post()
  @SignedIn()
  @ResetLimit()
  @Answers(202)
  async ask(): Promise<void> {
    await this.requestVerification.execute();
  }

  /** Verifies the address for the token from the mail, which is good once and for three days. */
  @Post('completion')
  @Public()
  @RegistrationLimit()
  @Answers(204)
  @Refuses(EmailedTokenRefused)
  async complete(@Body({ schema: emailVerificationSchema }) { token }: EmailVerification): Promise<void> {
    await this.verifyEmail.execute(token);
  }
}
