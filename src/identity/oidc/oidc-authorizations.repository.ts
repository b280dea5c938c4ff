import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';

/** A sign-in that is on its way to an identity provider. */
export interface StoredAuthorization {
  readonly id: string;
  readonly providerId: string;
  readonly state: string;
  readonly nonce: string;
  /** Sealed. */
  readonly codeVerifier: string;
}

/** One to be written down. */
export interface NewAuthorization extends StoredAuthorization {
  readonly ticketHash: string;
  /** Who links an identity; null for signing in. */
  readonly userId: string | null;
  readonly lifeS: number;
}

/** Authorizations that have begun. Each is taken once. */
@Injectable()
export class OidcAuthorizations {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async insert(authorization: NewAuthorization): Promise<void> {
    const { id, providerId, ticketHash, state, nonce, codeVerifier, userId, lifeS } = authorization;
    await this.unitOfWork.execute(
      `insert into oidc_authorization
         (tenant_id, id, provider_id, ticket_hash, state, nonce, code_verifier, user_id, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, now() + make_interval(secs => $9))`,
      [currentTenant().id, id, providerId, ticketHash, state, nonce, codeVerifier, userId, lifeS],
    );
  }

  /** Takes the authorization of a ticket: of several who come with it, one gets it. */
  async take(ticketHash: string, userId: string | null): Promise<StoredAuthorization | undefined> {
    const [taken] = await this.unitOfWork.query<StoredAuthorization>(
      `delete from oidc_authorization
       where ticket_hash = $1 and user_id is not distinct from $2::uuid and expires_at > now()
       returning id, provider_id as "providerId", state, nonce, code_verifier as "codeVerifier"`,
      [ticketHash, userId],
    );
    return taken;
  }

  /** Forgets some that took too long. */
  async prune(rowsMax: number): Promise<void> {
    await this.unitOfWork.execute(
      `delete from oidc_authorization where id in (select id from oidc_authorization
         where expires_at < now() order by expires_at limit $1 for update skip locked)`,
      [rowsMax],
    );
  }
}
