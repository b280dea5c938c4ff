import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import type { Page } from '#libs/kernel';
import type { Account } from './account.entity.js';
import { AccountsRepository } from './accounts.repository.js';

/** Reads of the chart of accounts. */
@Injectable()
export class AccountQueries {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly accounts: AccountsRepository,
  ) {}

  /** @throws AccountNotFound */
  async get(id: string): Promise<Account> {
    return this.unitOfWork.read(() => this.accounts.get(id));
  }

  /** By code. */
  async page(limit: number, cursor?: string): Promise<Page<Account>> {
    return this.unitOfWork.read(() =>
      this.accounts.page({ limit, cursor, orderBy: { column: 'code', direction: 'ASC' } }),
    );
  }
}
