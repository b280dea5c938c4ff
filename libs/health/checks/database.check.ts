import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { type DatabaseAddress, LandlordDatabase, TenantDatabases } from '#libs/database';
import { CHECK_TIMEOUT_MS, type CheckResult, ReadinessCheck } from '../readiness-check.js';

/** A cluster gets a little less time than the whole check: one that is silent must not make the others look bad. */
const CLUSTER_TIMEOUT_MS = CHECK_TIMEOUT_MS * 0.7;

/** The landlord answers, and tenant databases do. One cluster of several that is down says nothing against this process. */
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
    const shared = this.tenants.sharedDatabases();
    const [landlord, ...answers] = await Promise.allSettled([
      this.landlord.query('select 1'),
      ...shared.map((address) => this.ask(address)),
    ]);
    if (landlord.status === 'rejected') throw landlord.reason;
    const silent = shared.filter((_, index) => answers[index]?.status === 'rejected');
    const [first] = answers;
    if (silent.length === shared.length && first?.status === 'rejected') throw first.reason;
    if (silent.length === 0) return {};
    return { degraded: true, details: { clustersDown: [...new Set(silent.map(({ cluster }) => cluster))] } };
  }

  private async ask(address: DatabaseAddress): Promise<void> {
    const answer = this.tenants.dataSource(address).then((dataSource) => dataSource.query('select 1'));
    // Whoever answers too late is not listened to any more.
    answer.catch(() => undefined);
    await Promise.race([answer, silence()]);
  }
}

async function silence(): Promise<never> {
  await sleep(CLUSTER_TIMEOUT_MS, undefined, { ref: false });
  throw new Error('the database does not answer');
}
