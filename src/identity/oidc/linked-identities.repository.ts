import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { uuidv7 } from '#libs/kernel';
import type { LinkedIdentity } from './linked-identity.js';
import type { OidcPerson } from './oidc-person.js';

/** Nobody has more; a bound for the list. */
const LISTED_MAX = 100;

/** Who is who. */
@Injectable()
export class LinkedIdentities {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** The user whom this person is. */
  async userOf({ issuer, subject }: OidcPerson): Promise<string | undefined> {
    const [found] = await this.unitOfWork.query<{ userId: string }>(
      'select user_id as "userId" from linked_identity where issuer = $1 and subject = $2',
      [issuer, subject],
    );
    return found?.userId;
  }

  /** Links a person to a user; undefined when the person is linked already. */
  async link(userId: string, providerId: string, person: OidcPerson): Promise<string | undefined> {
    const { issuer, subject, verifiedEmail } = person;
    const id = uuidv7();
    const linked = await this.unitOfWork.execute(
      `insert into linked_identity (tenant_id, id, user_id, provider_id, issuer, subject, email)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict (tenant_id, issuer, subject) do nothing`,
      [currentTenant().id, id, userId, providerId, issuer, subject, verifiedEmail ?? null],
    );
    return linked === 1 ? id : undefined;
  }

  /** Those of a user, oldest first. */
  async ofUser(userId: string): Promise<LinkedIdentity[]> {
    return this.unitOfWork.query<LinkedIdentity>(
      `select l.id, p.slug as "providerSlug", p.name as "providerName", l.subject, l.email, l.created_at as "createdAt"
       from linked_identity l join identity_provider p on p.tenant_id = l.tenant_id and p.id = l.provider_id
       where l.user_id = $1 order by l.id limit ${LISTED_MAX}`,
      [userId],
    );
  }

  /** False when the user has no such identity. */
  async unlink(userId: string, id: string): Promise<boolean> {
    return (
      (await this.unitOfWork.execute('delete from linked_identity where user_id = $1 and id = $2', [userId, id])) === 1
    );
  }
}
