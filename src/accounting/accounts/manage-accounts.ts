import { Injectable } from '@nestjs/common';
import { sqlState, UnitOfWork, violatedConstraint } from '#libs/database';
import { Account, type AccountType } from './account.entity.js';
import { AccountCodeTaken, AccountInUseByRole } from './account.errors.js';
import { AccountsRepository } from './accounts.repository.js';

/** Adds an account to the chart. */
@Injectable()
export class CreateAccount {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly accounts: AccountsRepository,
  ) {}

  /** @throws AccountCodeTaken */
  async execute(input: { readonly code: string; readonly name: string; readonly type: AccountType }): Promise<Account> {
    const account = Object.assign(new Account(), { ...input, role: null });
    await refuseTakenCode(account.code, () => this.unitOfWork.run(() => this.accounts.insert(account)));
    return account;
  }
}

/** What may change about an account. Its type may not: old reports would change with it. */
export interface AccountChange {
  readonly code?: string | undefined;
  readonly name?: string | undefined;
  readonly status?: Account['status'] | undefined;
}

/** Renames, renumbers, closes or reopens an account. */
@Injectable()
export class ChangeAccount {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly accounts: AccountsRepository,
  ) {}

  /**
   * @param check sees the account before it is changed; what it throws refuses the change
   * @throws AccountNotFound, AccountCodeTaken, AccountInUseByRole, ConcurrentModification
   */
  async execute(id: string, change: AccountChange, check: (account: Account) => void): Promise<Account> {
    return refuseTakenCode(change.code ?? id, () =>
      this.unitOfWork.run(async () => {
        const account = await this.accounts.get(id);
        check(account);
        if (change.status === 'closed' && account.role) throw new AccountInUseByRole(account.code, account.role);
        account.code = change.code ?? account.code;
        account.name = change.name ?? account.name;
        account.status = change.status ?? account.status;
        await this.accounts.update(account);
        return account;
      }),
    );
  }
}

async function refuseTakenCode<T>(code: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const taken = sqlState(error) === '23505' && violatedConstraint(error) === 'account_code_unique';
    throw taken ? new AccountCodeTaken(code) : error;
  }
}
