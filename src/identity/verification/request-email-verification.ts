import { Injectable } from '@nestjs/common';
import { currentPrincipal } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { RequestEmailedToken } from '../emailed-tokens/request-emailed-token.js';
import { Users } from '../users/users.repository.js';

/** Mails the caller a link that shows that they read the mail of their address. */
@Injectable()
export class RequestEmailVerification {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly users: Users,
    private readonly requestToken: RequestEmailedToken,
  ) {}

  /** Of an address that is verified already, nothing is asked again. */
  async execute(): Promise<void> {
    await this.unitOfWork.run(async () => {
      const user = await this.users.get(currentPrincipal().id);
      if (!user.emailVerified) await this.requestToken.execute('email_verification', user.email);
    });
  }
}
