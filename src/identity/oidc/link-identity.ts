import { Injectable } from '@nestjs/common';
import { currentPrincipal } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { Authorize, type BegunAuthorization } from './authorize.js';
import { LinkedIdentities } from './linked-identities.repository.js';
import type { LinkedIdentity } from './linked-identity.js';
import { IdentityLinkedAlready, LinkedIdentityNotFound } from './oidc.errors.js';

/** Lets the caller, who is signed in, sign in by an identity provider from now on. */
@Injectable()
export class LinkIdentity {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly authorize: Authorize,
    private readonly identities: LinkedIdentities,
  ) {}

  /** @throws IdentityProviderNotFound, IdentityProviderUnavailable */
  async begin(slug: string): Promise<BegunAuthorization> {
    return this.authorize.begin(slug, currentPrincipal().id);
  }

  /** @throws IdentityLinkedAlready, AuthorizationUnknown, AuthorizationRefused, IdentityProviderUnavailable */
  async finish(ticket: string, response: string): Promise<LinkedIdentity> {
    const { id: userId } = currentPrincipal();
    const { person, provider } = await this.authorize.finish(ticket, response, userId);
    return this.unitOfWork.run(async () => {
      const id = await this.identities.link(userId, provider.id, person);
      if (id === undefined) throw new IdentityLinkedAlready();
      const linked = (await this.identities.ofUser(userId)).find((identity) => identity.id === id);
      if (!linked) throw new LinkedIdentityNotFound(id);
      return linked;
    });
  }

  /** The caller's own. */
  async own(): Promise<LinkedIdentity[]> {
    return this.unitOfWork.read(() => this.identities.ofUser(currentPrincipal().id));
  }

  /** @throws LinkedIdentityNotFound */
  async unlink(id: string): Promise<void> {
    const removed = await this.unitOfWork.run(() => this.identities.unlink(currentPrincipal().id, id));
    if (!removed) throw new LinkedIdentityNotFound(id);
  }
}
