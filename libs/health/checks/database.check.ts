import { Injectable } from '@nestjs/common';
import { LandlordDatabase, TenantDatabases } from '#libs/database';
import { type CheckResult, ReadinessCheck } from '../readiness-check.js';

/** The landlord's and every tenant database answer. */
@Injectable()
export class DatabaseCheck extends ReadinessCheck {
  override readonly name = 'database';

  constructor(
    private readonly landlord: LandlordDatabase,
    private readonly tenants: TenantDatabases,
  ) {
    super();
  }

  override async check(): Promise<CheckResult> {
    const answers = this.tenants.sharedDatabases().map(async (address) => {
      const dataSource = await this.tenants.dataSource(address);
      await dataSource.query('select 1');
    });
    await Promise.all([this.landlord.query('select 1'), ...answers]);
    return {};
  }
}
