import { Injectable } from '@nestjs/common';
import { hashOpaqueToken } from '#libs/auth';
import { UnitOfWork } from '#libs/database';
import { EmailedTokenRefused } from '../emailed-tokens/emailed-token.errors.js';
import { EmailedTokens } from '../emailed-tokens/emailed-tokens.repository.js';
import { Users } from '../users/users.repository.js';

/** Takes the token from the mail as proof that its user reads the mail of their address. */
@Injectable()
export class VerifyEmail {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly tokens: EmailedTokens,
    private readonly users: Users,
  ) {}

  /** @throws EmailedTokenRefused */
  async execute(token: string): Promise<void> {
    await this.unitOfWork.run(async () => {
      const holder = await this.tokens.use('email_verification', hashOpaqueToken(token));
      if (!holder) throw new EmailedTokenRefused();
      await this.users.verifyEmail(holder.userId, holder.emailKey);
      await this.tokens.voidOthers('email_verification', holder.userId);
    });
  }
}
