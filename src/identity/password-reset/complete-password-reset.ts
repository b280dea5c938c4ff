import { Injectable } from '@nestjs/common';
import { requirePassword } from '#erp/tenants';
import { hashOpaqueToken, PasswordHasher } from '#libs/auth';
import { UnitOfWork } from '#libs/database';
import { AttemptLimits } from '../attempts/attempt-limits.js';
import { EmailedTokenRefused } from '../emailed-tokens/emailed-token.errors.js';
import { EmailedTokens } from '../emailed-tokens/emailed-tokens.repository.js';
import { EndSessions } from '../sessions/end-sessions.js';
import { Users } from '../users/users.repository.js';

/**
 * Sets the password of whoever brings the token from their mail. Ends all their sessions with their refresh tokens, and
 * opens none: a second factor is still asked for.
 */
@Injectable()
export class CompletePasswordReset {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly tokens: EmailedTokens,
    private readonly users: Users,
    private readonly passwords: PasswordHasher,
    private readonly sessions: EndSessions,
    private readonly attempts: AttemptLimits,
  ) {}

  /** @throws EmailedTokenRefused, PasswordTooShort, PasswordWidelyUsed */
  async execute(token: string, password: string): Promise<void> {
    requirePassword(password);
    const tokenHash = hashOpaqueToken(token);
    const good = await this.unitOfWork.read(() => this.tokens.isGood('password_reset', tokenHash), { primary: true });
    if (!good) throw new EmailedTokenRefused();
    // Outside the unit of work: hashing takes tens of milliseconds by design, and must not hold a connection.
    const passwordHash = await this.passwords.hash(password);
    await this.unitOfWork.run(async () => {
      const holder = await this.tokens.use('password_reset', tokenHash);
      if (!holder) throw new EmailedTokenRefused();
      const { userId, emailKey } = holder;
      await this.users.resetPassword(userId, emailKey, passwordHash);
      await this.tokens.voidOthers('password_reset', userId);
      await this.sessions.allOf(userId, 'password_reset');
      await this.attempts.clear('password', emailKey);
    });
  }
}
