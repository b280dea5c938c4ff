import { Injectable } from '@nestjs/common';
import { TenantRepository, UnitOfWork, violatedConstraint } from '#libs/database';
import { User } from './user.entity.js';
import { EmailTaken, UserNotFound } from './user.errors.js';

/** The users of the tenant. */
@Injectable()
export class Users extends TenantRepository<User> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, User, UserNotFound);
  }

  /** @throws EmailTaken */
  override async insert(entities: User | readonly User[]): Promise<void> {
    await super.insert(entities).catch((error: unknown) => refuseTakenEmail(error, entities));
  }

  /** @throws EmailTaken, ConcurrentModification */
  override async update(entities: User | readonly User[]): Promise<void> {
    await super.update(entities).catch((error: unknown) => refuseTakenEmail(error, entities));
  }

  /** Gives an active user another password. The address is proved with it: whoever resets a password reads its mail. */
  async resetPassword(id: string, emailKey: string, passwordHash: string): Promise<void> {
    await this.unitOfWork.execute(
      `update app_user set password_hash = $3, verified_email_key = $2, version = version + 1, updated_at = now()
       where id = $1`,
      [id, emailKey, passwordHash],
    );
  }

  /** Notes that the user reads the mail of this address. */
  async verifyEmail(id: string, email: string): Promise<void> {
    await this.unitOfWork.execute('update app_user set verified_email_key = lower($2) where id = $1', [id, email]);
  }

  /** The user with this address, whatever the case of its letters. */
  async byEmail(email: string): Promise<User | undefined> {
    const [found] = await this.unitOfWork.query<{ id: string }>('select id from app_user where email_key = lower($1)', [
      email,
    ]);
    return found && this.get(found.id);
  }

  /** What signing in needs of the user with this address, whatever the case of its letters. */
  async credentialsOf(email: string): Promise<{ id: string; passwordHash: string; isActive: boolean } | undefined> {
    const [found] = await this.unitOfWork.query<{ id: string; passwordHash: string; isActive: boolean }>(
      `select id, password_hash as "passwordHash", status = 'active' as "isActive" from app_user where email_key = lower($1)`,
      [email],
    );
    return found;
  }
}

function refuseTakenEmail(error: unknown, entities: User | readonly User[]): never {
  if (violatedConstraint(error) === 'app_user_email_key') {
    throw new EmailTaken(entities instanceof User ? entities.email : entities.map((user) => user.email).join(', '));
  }
  throw error;
}
