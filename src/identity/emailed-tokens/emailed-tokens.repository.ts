import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { uuidv7 } from '#libs/kernel';
import type { EmailedTokenPurpose } from './emailed-token-purpose.js';

/** A request for a token, with whoever has its address now. */
export interface TokenRequest {
  readonly purpose: EmailedTokenPurpose;
  readonly expiresAt: Date;
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  /** Tokens of this purpose that the user was sent in the last hour. */
  readonly sentLately: number;
}

/** Whom a token was sent to, and where. */
export interface TokenHolder {
  readonly userId: string;
  readonly emailKey: string;
}

/** Tokens are forgotten this long after they have expired. */
const KEPT = '7 days';

/** Requests for tokens, and the hashes of those that were sent. */
@Injectable()
export class EmailedTokens {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Writes a request down for an address, whoever has it. Asks nothing. */
  async request(purpose: EmailedTokenPurpose, email: string, lifeS: number): Promise<string> {
    const id = uuidv7();
    await this.unitOfWork.execute(
      `insert into emailed_token (tenant_id, id, purpose, email_key, expires_at)
       values ($1, $2, $3, lower($4), now() + make_interval(secs => $5))`,
      [currentTenant().id, id, purpose, email, lifeS],
    );
    return id;
  }

  /** The request, if it may still be answered and an active user has its address. */
  async answerable(id: string): Promise<TokenRequest | undefined> {
    const [found] = await this.unitOfWork.query<TokenRequest>(
      `select t.purpose, t.expires_at as "expiresAt", u.id as "userId", u.name, u.email,
         (select count(*)::integer from emailed_token o where o.user_id = u.id and o.purpose = t.purpose
            and o.id <> t.id and o.created_at > now() - interval '1 hour') as "sentLately"
       from emailed_token t
       join app_user u on u.tenant_id = t.tenant_id and u.email_key = t.email_key and u.status = 'active'
       where t.id = $1 and t.used_at is null and t.expires_at > now()`,
      [id],
    );
    return found;
  }

  /** Makes the request a token of the user. The same again changes nothing. */
  async issue(id: string, userId: string, tokenHash: string): Promise<void> {
    await this.unitOfWork.execute('update emailed_token set user_id = $2, token_hash = $3 where id = $1', [
      id,
      userId,
      tokenHash,
    ]);
  }

  /** Forgets a request that nobody gets an answer to: whose address it was is nothing to keep. */
  async discard(id: string): Promise<void> {
    await this.unitOfWork.execute('delete from emailed_token where id = $1 and token_hash is null', [id]);
  }

  /**
   * Uses a token up. Of several who come with it at once, one gets its holder; undefined for the others, and for one that is
   * too old or whose user is disabled or has another address now.
   */
  async use(purpose: EmailedTokenPurpose, tokenHash: string): Promise<TokenHolder | undefined> {
    const [holder] = await this.unitOfWork.query<TokenHolder>(
      `update emailed_token t set used_at = now() from app_user u
       where t.token_hash = $2 and t.purpose = $1 and t.used_at is null and t.expires_at > now()
         and u.tenant_id = t.tenant_id and u.id = t.user_id and u.email_key = t.email_key and u.status = 'active'
       returning t.user_id as "userId", t.email_key as "emailKey"`,
      [purpose, tokenHash],
    );
    return holder;
  }

  /** Whether the token could be used now. Spares the cost of hashing a password for one that could not. */
  async isGood(purpose: EmailedTokenPurpose, tokenHash: string): Promise<boolean> {
    const found = await this.unitOfWork.query(
      `select from emailed_token where token_hash = $2 and purpose = $1 and used_at is null and expires_at > now()`,
      [purpose, tokenHash],
    );
    return found.length > 0;
  }

  /** Voids what other tokens of the purpose the user was sent. */
  async voidOthers(purpose: EmailedTokenPurpose, userId: string): Promise<void> {
    await this.unitOfWork.execute(
      'update emailed_token set used_at = now() where user_id = $2 and purpose = $1 and used_at is null',
      [purpose, userId],
    );
  }

  /** Forgets some that expired long ago. */
  async prune(rowsMax: number): Promise<void> {
    await this.unitOfWork.execute(
      `delete from emailed_token where id in (select id from emailed_token
         where expires_at < now() - interval '${KEPT}' order by expires_at limit $1 for update skip locked)`,
      [rowsMax],
    );
  }
}
