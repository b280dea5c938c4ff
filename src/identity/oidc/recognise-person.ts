import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { PasswordHasher } from '#libs/auth';
import { UnitOfWork } from '#libs/database';
import { Roles } from '../roles/roles.repository.js';
import { User } from '../users/user.entity.js';
import { EmailTaken } from '../users/user.errors.js';
import { Users } from '../users/users.repository.js';
import type { ReturnedPerson } from './authorize.js';
import { LinkedIdentities } from './linked-identities.repository.js';
import { IdentityNotLinked } from './oidc.errors.js';

/** Somebody else was linked or added at the same time: look again. */
class LookAgain extends Error {}

const LOOKS_MAX = 3;
const RANDOM_BYTES = 32;

/**
 * Says which user somebody is who came from an identity provider: whom they are linked to; else, where the provider may say
 * so, whoever has the same address, verified there and here; else, where it may, a new user. Never by an address that one
 * side has only been told: anybody can tell an address.
 */
@Injectable()
export class RecognisePerson {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly identities: LinkedIdentities,
    private readonly users: Users,
    private readonly roles: Roles,
    private readonly passwords: PasswordHasher,
  ) {}

  /** @throws IdentityNotLinked */
  async execute(returned: ReturnedPerson): Promise<User> {
    const known = await this.unitOfWork.run(() => this.known(returned));
    if (known) return known;
    // A password that nobody knows, made while no connection is held: whoever wants one resets it.
    const passwordHash = await this.passwords.hash(randomBytes(RANDOM_BYTES).toString('base64url'));
    for (let look = 1; ; look++) {
      try {
        return await this.unitOfWork.run(() => this.recognise(returned, passwordHash));
      } catch (error) {
        if (!(error instanceof LookAgain || error instanceof EmailTaken) || look === LOOKS_MAX) throw error;
      }
    }
  }

  private async recognise(returned: ReturnedPerson, passwordHash: string): Promise<User> {
    const { person, provider } = returned;
    const known = await this.known(returned);
    if (known) return known;
    const user = (await this.byEmail(returned)) ?? (await this.added(returned, passwordHash));
    if ((await this.identities.link(user.id, provider.id, person)) === undefined) throw new LookAgain();
    return user;
  }

  private async known({ person }: ReturnedPerson): Promise<User | undefined> {
    const linked = await this.identities.userOf(person);
    return linked === undefined ? undefined : this.users.get(linked);
  }

  private async byEmail({ person, provider }: ReturnedPerson): Promise<User | undefined> {
    const user = person.verifiedEmail === undefined ? undefined : await this.users.byEmail(person.verifiedEmail);
    if (!user) return undefined;
    if (!provider.linkByEmail || !user.emailVerified || user.status !== 'active') throw new IdentityNotLinked();
    return user;
  }

  private async added({ person, provider }: ReturnedPerson, passwordHash: string): Promise<User> {
    const { verifiedEmail: email, name = email?.replace(/@.*$/, '') } = person;
    const { defaultRoleId } = provider;
    if (defaultRoleId === null || email === undefined || name === undefined) throw new IdentityNotLinked();
    const user = Object.assign(new User(), { email, name, passwordHash });
    await this.users.insert(user);
    await this.roles.assign(user.id, [defaultRoleId]);
    await this.users.verifyEmail(user.id, email);
    return user;
  }
}
