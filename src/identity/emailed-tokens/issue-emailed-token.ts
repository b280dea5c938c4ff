import { Injectable } from '@nestjs/common';
import { hashOpaqueToken } from '#libs/auth';
import { AppConfig } from '#libs/config';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { SecretBox } from '#libs/secrets';
import type { EmailedTokenPurpose } from './emailed-token-purpose.js';
import { EmailedTokens } from './emailed-tokens.repository.js';

/** What is to be mailed, and to whom. */
export interface EmailedTokenLetter {
  readonly purpose: EmailedTokenPurpose;
  readonly to: { readonly name: string; readonly address: string };
  /** Where the person goes on; holds the token, in the fragment, which browsers send to no server. */
  readonly link: string;
  readonly expiresAt: Date;
}

/** Whoever asks for more within an hour gets no mail: somebody else's letter box is not to be filled. */
const SENT_PER_HOUR_MAX = 5;
const PRUNED_AT_ONCE = 20;

const PAGES: Readonly<Record<EmailedTokenPurpose, string>> = {
  password_reset: 'reset-password',
  email_verification: 'verify-email',
};

/**
 * Answers a request for a token, in the worker. Only the token's hash is kept; the token itself is derived from the request
 * under ENCRYPTION_KEYS, so that a mail whose fate is unknown is sent again with the same link.
 */
@Injectable()
export class IssueEmailedToken {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly tokens: EmailedTokens,
    private readonly secrets: SecretBox,
    private readonly config: AppConfig,
  ) {}

  /** Null when nobody is to get a mail: no active user has the address, or they were sent enough already. */
  async execute(requestId: string): Promise<EmailedTokenLetter | null> {
    return this.unitOfWork.run(async () => {
      await this.tokens.prune(PRUNED_AT_ONCE);
      const request = await this.tokens.answerable(requestId);
      if (!request || request.sentLately >= SENT_PER_HOUR_MAX) {
        await this.tokens.discard(requestId);
        return null;
      }
      const { purpose, userId, name, email, expiresAt } = request;
      const token = this.secrets.derive(purpose, `${currentTenant().id}:${requestId}`).toString('base64url');
      await this.tokens.issue(requestId, userId, hashOpaqueToken(token));
      return { purpose, to: { name, address: email }, link: this.linkTo(PAGES[purpose], token), expiresAt };
    });
  }

  private linkTo(page: string, token: string): string {
    return `${this.config.webUrl.replaceAll('{tenant}', currentTenant().slug)}/${page}#token=${token}`;
  }
}
