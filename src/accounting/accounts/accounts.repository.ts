import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { TenantRepository, UnitOfWork } from '#libs/database';
import { Account, ACCOUNT_ROLES, type AccountRole } from './account.entity.js';
import { AccountNotFound } from './account.errors.js';

/** The only place that reads and writes the chart of accounts. */
@Injectable()
export class AccountsRepository extends TenantRepository<Account> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, Account, AccountNotFound);
  }

  /** The accounts behind the roles. @throws when a role has none: every tenant is provisioned with all of them */
  async byRoles(roles: readonly AccountRole[]): Promise<ReadonlyMap<AccountRole, string>> {
    const ids = await this.roles();
    for (const role of roles) if (!ids.has(role)) throw new Error(`no account has the role ${role}`);
    return ids;
  }

  /** The account of each role that has one, read once per unit of work: asked for ahead it costs no round trip of its own. */
  roles(): Promise<ReadonlyMap<AccountRole, string>> {
    return this.unitOfWork.once('account roles', async () => {
      const found = await this.find({ role: In([...ACCOUNT_ROLES]) });
      return new Map(found.map((account) => [account.role as AccountRole, account.id]));
    });
  }
}
