import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { PasswordWidelyUsed, PasswordTooShort } from '#erp/tenants';
import { PasswordChecksBusy } from '#libs/auth';
import { Answers, OwnUnitsOfWork, Public, Refuses, ResetLimit } from '#libs/http';
import { EmailedTokenRefused } from '../../emailed-tokens/emailed-token.errors.js';
import { RequestEmailedToken } from '../../emailed-tokens/request-emailed-token.js';
import { CompletePasswordReset } from '../complete-password-reset.js';
import {
  type PasswordResetCompletion,
  passwordResetCompletionSchema,
  type PasswordResetRequest,
  passwordResetRequestSchema,
} from './password-resets.schemas.js';

/** Forgotten passwords. Tokens travel in bodies and fragments, never in a path: paths are logged. */
@ApiTags('Sign-in')
@Controller({ path: 'auth/password-resets', version: '1' })
export class PasswordResetsController {
  constructor(
    private readonly requestToken: RequestEmailedToken,
    private readonly completeReset: CompletePasswordReset,
  ) {}

  /** Mails a link to set a new password, if an active user has the address. The answer is the same if nobody has. */
  @Post()
  @Public()
  @ResetLimit()
  @Answers(202)
  async ask(@Body({ schema: passwordResetRequestSchema }) { email }: PasswordResetRequest): Promise<void> {
    await this.requestToken.execute('password_reset', email);
  }

  /** Sets the password for the token from the mail, which is good once and for an hour. Ends all sessions of the user. */
  @Post('completion')
  @Public()
  @ResetLimit()
  @OwnUnitsOfWork(
    'the password is hashed between two units of work',
    'The token from the mail is the key: it works once, and is refused when it comes again.',
  )
  @Answers(204)
  @Refuses(EmailedTokenRefused, PasswordTooShort, PasswordWidelyUsed, PasswordChecksBusy)
  async complete(
    @Body({ schema: passwordResetCompletionSchema }) { token, password }: PasswordResetCompletion,
  ): Promise<void> {
    await this.completeReset.execute(token, password);
  }
}
