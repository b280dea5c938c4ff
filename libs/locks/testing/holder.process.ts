import { once } from 'node:events';
import { ConfigModule } from '#libs/config';
import { testConfig } from '#libs/config/testing';
import type { TenantIdentity } from '#libs/context';
import { type DatabaseOptions, UnitOfWork } from '#libs/database';
import { DistributedLockService, LocksModule } from '#libs/locks';
import { configureLogging } from '#libs/telemetry';
import { inTenant } from '#libs/tenancy';
import { type TestDatabase, testingModule } from '#libs/testing';

/** What a holder is started with, as JSON in its first argument. */
export interface HolderSettings {
  readonly redis: string;
  readonly database: Omit<DatabaseOptions, 'schemas'>;
  readonly tenant: TenantIdentity;
  readonly expiryMs: number;
}

/** What it is told to write, and whether it compares its fence. */
export interface Write {
  readonly value: number;
  readonly compare: boolean;
}

/** What came of it. */
export type WriteOutcome = { readonly changed: number } | { readonly refused: string };

/** Takes a fenced lock, says so, and writes when it is told to: it may have been stopped in between. */
async function hold({ redis, database, tenant, expiryMs }: HolderSettings): Promise<void> {
  configureLogging({ level: 'silent', service: 'holder' });
  const config = ConfigModule.forRoot(testConfig({ REDIS_LOCK_URL: redis }));
  const options = { options: { ...database, schemas: [] } } as unknown as TestDatabase;
  const module = await testingModule(options, { imports: [config, LocksModule] });
  const unitOfWork = module.get(UnitOfWork);
  await inTenant(tenant, async () => {
    const lock = await module.get(DistributedLockService).acquire('till', { expiryMs, fenced: true, waitMs: 30_000 });
    process.send?.('holding');
    const [{ value, compare }] = (await once(process, 'message')) as [Write];
    const fence = compare ? lock.fence : undefined;
    const write = (): Promise<number> =>
      unitOfWork.execute(`update number_series set last = $1 where series = 'till'`, [value]);
    const outcome = await unitOfWork.run(write, { fence }).then(
      (changed): WriteOutcome => ({ changed }),
      (error: Error & { code?: string }): WriteOutcome => ({ refused: error.code ?? error.message }),
    );
    await lock.release();
    process.send?.(outcome);
  });
  await module.close();
  process.disconnect();
}

await hold(JSON.parse(process.argv[2] ?? '{}') as HolderSettings);
