import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import { Outbox } from '#libs/events';
import { Clock } from '#libs/kernel';
import { EmailedTokenRequested } from './emailed-token.events.js';
import { type EmailedTokenPurpose, LIFE_S } from './emailed-token-purpose.js';
import { EmailedTokens } from './emailed-tokens.repository.js';

/**
 * Asks for a token to be mailed to an address. Never looks whether anybody has it: the same statements run for everybody,
 * so that no answer, no matter how closely it is timed, tells who has an account. The worker finds out.
 */
@Injectable()
export class RequestEmailedToken {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly tokens: EmailedTokens,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async execute(purpose: EmailedTokenPurpose, email: string): Promise<void> {
    await this.unitOfWork.run(async () => {
      const id = await this.tokens.request(purpose, email, LIFE_S[purpose]);
      await this.outbox.append(new EmailedTokenRequested(id, purpose, this.clock.now()));
    });
  }
}
