import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cache, type CacheOptions } from '#libs/cache';
import type { TenantIdentity } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { Outbox } from '#libs/events';
import { consumptionForTests, deliverAll, PrivateRedis } from '#libs/events/testing';
import { inTenant } from '#libs/tenancy';
import {
  createTestDatabase,
  registerTenant,
  sourceProcess,
  type TestDatabase,
  testingModule,
  testStack,
  testTenant,
} from '#libs/testing';
import { CatalogModule } from '../catalog.module.js';
import { CreateProducts } from '../products/create-products.js';
import { UpdateProduct } from '../products/update-product.js';
import { catalogSchema } from '../schema.js';
import type { DoomedEdit } from '../testing/doomed-editor.process.js';
import { newProduct } from '../testing/index.js';
import { storefrontTags } from './storefront-tags.js';
import { StorefrontQueries } from './storefront.queries.js';

type Module = Awaited<ReturnType<typeof testingModule>>;

let database: TestDatabase;
let tenant: TenantIdentity;
let productId: string;

const moduleOn = (cache: CacheOptions): Promise<Module> =>
  testingModule(database, { imports: [CatalogModule, consumptionForTests()] }, cache);

beforeAll(async () => {
  database = await createTestDatabase([catalogSchema]);
});

afterAll(() => database.drop());

async function openShop(module: Module): Promise<void> {
  tenant = testTenant(database);
  await registerTenant(database, tenant);
  const product = newProduct('MUG', { name: 'Mug', priceE4: 10_000n });
  const [created] = await inTenant(tenant, () => module.get(CreateProducts).execute([product]));
  productId = created!.id;
  await deliverAll(module, tenant);
}

/** The price as it is served: cached under the tags of the product's page. */
async function servedPrice(module: Module): Promise<string> {
  const read = async () => String((await module.get(StorefrontQueries).product('mug')).priceE4);
  return inTenant(tenant, () => module.get(Cache).remember('spec:price', 600, storefrontTags.product('mug'), read));
}

const setPrice = (module: Module, priceE4: bigint) =>
  inTenant(tenant, () => module.get(UpdateProduct).execute(productId, { priceE4 }));

const pending = () =>
  database.asSuperuser<{ attempts: number }>(
    `select attempts from platform.delivery
     where tenant_id = $1 and consumer = 'cache.invalidation' and state <> 'done'`,
    [tenant.id],
  );

describe('a change whose process is killed between the commit and the flush', () => {
  const cache = { url: testStack().redis.cache, prefix: `spec-${randomUUID()}:` };

  it('is shown as soon as its event is delivered', async () => {
    const module = await moduleOn(cache);
    await openShop(module);
    expect(await servedPrice(module)).toBe('10000');
    const { schemas: _, ...options } = database.options;
    const edit: DoomedEdit = { database: options, cache, tenant, productId, priceE4: '20000' };
    const editor = sourceProcess('src/catalog/testing/doomed-editor.process.ts', JSON.stringify(edit));
    const [, signal] = (await once(editor.child, 'exit')) as [number | null, string | null];
    expect(signal).toBe('SIGKILL');
    // Committed, and not flushed: nobody was left to do it.
    const [row] = await database.asSuperuser<{ price_e4: string }>('select price_e4 from product where id = $1', [
      productId,
    ]);
    expect(row).toEqual({ price_e4: '20000' });
    expect(await servedPrice(module)).toBe('10000');
    expect(await deliverAll(module, tenant)).toEqual([{ consumer: 'cache.invalidation', outcome: 'done' }]);
    expect(await servedPrice(module)).toBe('20000');
    await module.close();
  });
});

describe('a change', () => {
  const cache = { url: testStack().redis.cache, prefix: `spec-${randomUUID()}:` };
  let module: Module;

  beforeAll(async () => {
    module = await moduleOn(cache);
  });

  beforeEach(() => openShop(module));

  afterAll(() => module.close());

  it('is shown to the very next read, before any event is delivered', async () => {
    await servedPrice(module);
    await setPrice(module, 30_000n);
    expect(await servedPrice(module)).toBe('30000');
  });

  it('that is rolled back flushes nothing and tells nobody', async () => {
    await servedPrice(module);
    await deliverAll(module, tenant);
    const undone = inTenant(tenant, () =>
      module.get(UnitOfWork).run(async () => {
        await module.get(UpdateProduct).execute(productId, { priceE4: 40_000n });
        throw new Error('changed my mind');
      }),
    );
    await expect(undone).rejects.toThrow('changed my mind');
    expect(await pending()).toEqual([]);
    expect(await servedPrice(module)).toBe('10000');
  });

  it('of an import, whose events are settled on the spot, is told of all the same', async () => {
    await inTenant(tenant, () =>
      module
        .get(UnitOfWork)
        .run(() =>
          module.get(Outbox).settleInline(() => module.get(UpdateProduct).execute(productId, { priceE4: 50_000n })),
        ),
    );
    expect(await pending()).toHaveLength(1);
    expect(await deliverAll(module, tenant)).toEqual([{ consumer: 'cache.invalidation', outcome: 'done' }]);
  });
});

describe('while Redis is away', () => {
  it('changes are made, and the flush is tried again until it succeeds, spending no attempt', async () => {
    const redis = await PrivateRedis.start();
    const module = await moduleOn({ url: redis.url });
    await openShop(module);
    await redis.kill();
    await setPrice(module, 60_000n);
    expect(await servedPrice(module)).toBe('60000');
    expect(await deliverAll(module, tenant)).toEqual([{ consumer: 'cache.invalidation', outcome: 'postponed' }]);
    expect(await pending()).toEqual([{ attempts: 0 }]);
    await redis.restart();
    await flushedWithin(module, 30_000);
    expect(await servedPrice(module)).toBe('60000');
    await module.close();
    await redis.kill();
  });

  async function flushedWithin(module: Module, limitMs: number): Promise<void> {
    const giveUpAt = Date.now() + limitMs;
    while ((await pending()).length > 0) {
      if (Date.now() > giveUpAt) throw new Error('the flush was never delivered');
      await sleep(200);
      await deliverAll(module, tenant);
    }
  }
});
