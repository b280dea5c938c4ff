import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ProvisioningSteps } from '#libs/tenancy';
import { AccountsRepository } from './accounts.repository.js';
import { initialChartOfAccounts } from './chart-of-accounts.js';

/** Gives every new tenant its chart of accounts, in the transaction that makes the tenant. */
@Injectable()
export class ProvisionChart implements OnModuleInit {
  constructor(
    private readonly steps: ProvisioningSteps,
    private readonly accounts: AccountsRepository,
  ) {}

  onModuleInit(): void {
    this.steps.register({
      name: 'accounting.chart',
      order: 20,
      run: () => this.accounts.insert(initialChartOfAccounts()),
    });
  }
}
