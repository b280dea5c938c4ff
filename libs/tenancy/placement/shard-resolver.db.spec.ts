import { Test } from '@nestjs/testing';
import { DatabaseModule, type DatabaseOptions } from '#libs/database';
import { uuidv7 } from '#libs/kernel';
import { createTestDatabase, registerTenant, type TestDatabase, testTenant } from '#libs/testing';
import { TenancyModule } from '../tenancy.module.js';
import { TenantDatabaseResolver } from '../tenant-database-resolver.js';
import { PLACEMENT_DEFAULTS, PLACEMENT_STRATEGY, type PlacementOptions } from './placement.options.js';
import type { PlacementStrategy } from './strategies.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase([]);
});
afterAll(() => database.drop());

function options(): DatabaseOptions {
  const [first] = database.options.clusters;
  const east = { ...first!, name: 'east', region: 'eu', databases: ['east_one', 'east_two'] };
  return { ...database.options, clusters: [first!, east, { ...east, name: 'west', region: 'us' }] };
}

/** Runs `work` with a resolver that is configured like this. */
async function resolving<T>(
  placement: Partial<PlacementOptions>,
  work: (resolver: TenantDatabaseResolver) => Promise<T>,
  own?: PlacementStrategy,
): Promise<T> {
  const strategy = own && { provide: PLACEMENT_STRATEGY, useValue: own };
  const imports = [
    DatabaseModule.forRoot(options()),
    TenancyModule.forRoot({ ...PLACEMENT_DEFAULTS, ...placement }, strategy),
  ];
  const module = await Test.createTestingModule({ imports }).compile();
  try {
    return await work(module.get(TenantDatabaseResolver));
  } finally {
    await module.close();
  }
}

it('keeps to the placement that the landlord has, whatever a strategy would say today', async () => {
  const tenant = testTenant(database, {
    placement: { model: 'shared', cluster: 'west', database: 'elsewhere', schema: 'public' },
  });
  await registerTenant(database, tenant);
  await resolving({ strategies: ['hash'] }, async (resolver) => {
    expect(await resolver.databaseNameForTenant(tenant.id, 'pg')).toBe('elsewhere');
    const unknown = uuidv7();
    const { database: name } = await resolver.placementForTenant(unknown);
    expect(await resolver.databaseNameForTenant(unknown, 'pg')).toBe(name);
  });
});

it('places by the directory where the fewest tenants are, unless it is told where', async () => {
  await resolving({}, async (resolver) => {
    const first = await resolver.placementForTenant(uuidv7());
    expect(first).toEqual({
      model: 'shared',
      cluster: 'default',
      database: database.options.tenant.database,
      schema: 'public',
    });
    await registerTenant(database, testTenant(database));
    expect(await resolver.placementForTenant(uuidv7())).toMatchObject({ cluster: 'east', database: 'east_one' });
    const wished = await resolver.placementForTenant(uuidv7(), {
      cluster: 'west',
      database: 'east_two',
      model: 'schema',
    });
    expect(wished).toMatchObject({
      model: 'schema',
      cluster: 'west',
      database: 'east_two',
      schema: expect.stringMatching(/^t_/),
    });
    await expect(resolver.placementForTenant(uuidv7(), { cluster: 'nowhere' })).rejects.toThrow(
      'no cluster and database of this name',
    );
  });
});

it('composes strategies: the region first, then the hash among what it left', async () => {
  await resolving({ strategies: ['region', 'hash'], regions: { DE: 'eu' } }, async (resolver) => {
    const ids = Array.from({ length: 60 }, () => uuidv7());
    const places = await Promise.all(ids.map((id) => resolver.placementForTenant(id, { country: 'DE' })));
    expect(new Set(places.map((place) => `${place.cluster}/${place.database}`))).toEqual(
      new Set(['east/east_one', 'east/east_two']),
    );
  });
});

it('lets the installation bring a strategy of its own', async () => {
  const last: PlacementStrategy = { choose: async (_id, candidates) => candidates.toReversed() };
  const place = await resolving({ model: 'database' }, (resolver) => resolver.placementForTenant(uuidv7()), last);
  expect(place).toMatchObject({ model: 'database', cluster: 'west', database: expect.stringMatching(/^east_two_/) });
});
