import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { TenantRepository, UnitOfWork } from '#libs/database';
import { Account, type AccountRole } from './account.entity.js';
import { AccountNotFound } from './account.errors.js';

/** The only place that reads and writes the chart of accounts. */
@Injectable()
export class AccountsRepository extends TenantRepository<Account> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, Account, AccountNotFound);
  }

  /** The accounts behind the roles. @throws when a role has none: every tenant is provisioned with all of them */
  async byRoles(roles: readonly AccountRole[]): Promise<Map<AccountRole, string>> {
    const found = await this.find({ role: In([...new Set(roles)]) });
    const ids = new Map(found.map((account) => [account.role as AccountRole, account.id]));
    for (const role of roles) if (!ids.has(role)) throw new Error(`no account has the role ${role}`);
    return ids;
  }
}
