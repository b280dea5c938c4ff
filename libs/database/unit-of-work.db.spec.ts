import type { TestingModule } from '@nestjs/testing';
import type { TenantIdentity } from '#libs/context';
import { inTenant } from '#libs/tenancy';
import { createTestDatabase, type TestDatabase, testingModule, testTenant } from '#libs/testing';
import { UnitOfWork, UnitOfWorkMismatch } from './index.js';
import { widget, widgetSchema, Widgets } from './testing/widget.js';

let database: TestDatabase;
let module: TestingModule;
let unitOfWork: UnitOfWork;
let widgets: Widgets;
let tenant: TenantIdentity;

beforeAll(async () => {
  database = await createTestDatabase([widgetSchema]);
  module = await testingModule(database, { providers: [Widgets] });
  unitOfWork = module.get(UnitOfWork);
  widgets = module.get(Widgets);
});

afterAll(async () => {
  await module.close();
  await database.drop();
});

beforeEach(() => {
  tenant = testTenant(database);
});

const names = async (): Promise<string[]> =>
  inTenant(tenant, () => unitOfWork.read(async () => (await widgets.find()).map((one) => one.name).toSorted()));

it('commits inner units of work together with the outermost', async () => {
  await inTenant(tenant, () =>
    unitOfWork.run(async () => {
      await unitOfWork.run(() => widgets.save(widget('inner')));
      await widgets.save(widget('outer'));
    }),
  );
  expect(await names()).toEqual(['inner', 'outer']);
});

it('leaves nothing behind when the work fails, inner units included', async () => {
  const failing = inTenant(tenant, () =>
    unitOfWork.run(async () => {
      await unitOfWork.run(() => widgets.save(widget('inner')));
      throw new Error('after the inner one');
    }),
  );
  await expect(failing).rejects.toThrow('after the inner one');
  expect(await names()).toEqual([]);
});

it('does not report success when a failed statement was swallowed', async () => {
  const swallowed = inTenant(tenant, () =>
    unitOfWork.run(async () => {
      await widgets.save(widget('lost'));
      await unitOfWork.query('select 1/0').catch((error: Error) => error.message);
    }),
  );
  await expect(swallowed).rejects.toThrow('rolled back');
  expect(await names()).toEqual([]);
});

it('refuses writes in a read-only one, by the database and by the type of unit', async () => {
  const sneaky = inTenant(tenant, () => unitOfWork.read(() => widgets.insert(widget('sneaky'))));
  await expect(sneaky).rejects.toMatchObject({ code: '25006' });
  const nested = inTenant(tenant, () => unitOfWork.read(() => unitOfWork.run(() => Promise.resolve())));
  await expect(nested).rejects.toBeInstanceOf(UnitOfWorkMismatch);
});

it('shows one state of the database to a snapshot, and the newest to others', async () => {
  const count = async () => (await widgets.find()).length;
  const countedTwice = (snapshot: boolean) =>
    inTenant(tenant, () =>
      unitOfWork.read(
        async () => {
          const before = await count();
          await inTenant(tenant, () => unitOfWork.run(() => widgets.save(widget(`meanwhile ${snapshot}`))));
          return (await count()) - before;
        },
        { snapshot },
      ),
    );
  expect(await countedTwice(true)).toBe(0);
  expect(await countedTwice(false)).toBe(1);
  const nested = inTenant(tenant, () => unitOfWork.read(() => unitOfWork.read(count, { snapshot: true })));
  await expect(nested).rejects.toBeInstanceOf(UnitOfWorkMismatch);
});

it('gives statements the time it was asked for, and the next unit of work the usual one', async () => {
  const timeout = async () => (await unitOfWork.query<{ statement_timeout: string }>('show statement_timeout'))[0];
  const within = <T>(work: () => Promise<T>, options = {}) => inTenant(tenant, () => unitOfWork.read(work, options));
  expect(await within(timeout, { statementTimeoutMs: 60_000 })).toEqual({ statement_timeout: '1min' });
  expect(await within(() => unitOfWork.read(timeout, { statementTimeoutMs: 60_000 }))).toEqual({
    statement_timeout: '20s',
  });
  const slow = within(() => unitOfWork.query('select pg_sleep(2)'), { statementTimeoutMs: 50 });
  await expect(slow).rejects.toMatchObject({ code: '57014' });
});

it('never shows the tenant of the transaction before on the same connection', async () => {
  await inTenant(tenant, () => unitOfWork.run(() => widgets.save(widget('canary'))));
  const dataSource = await import('./data-source.js');
  const single = dataSource.buildDataSource('tenant', database.options.tenant, [widgetSchema], {
    max: 1,
    connectTimeoutMs: 5_000,
  });
  await single.initialize();
  try {
    await single.query(`begin; set local app.tenant_id = '${tenant.id}'; commit`);
    expect(await single.query('select * from widget')).toEqual([]);
    expect(await single.query(`select current_setting('app.tenant_id', true) as value`)).toEqual([{ value: '' }]);
  } finally {
    await single.destroy();
  }
});

it('repeats the whole work after a deadlock, so that the caller never sees one', async () => {
  await inTenant(tenant, () => unitOfWork.run(() => widgets.save([widget('a', 0n), widget('b', 0n)])));
  let attempts = 0;
  const bump = async (first: string, second: string): Promise<void> => {
    attempts += 1;
    const update = `update widget set price_minor = price_minor + 1 where name = $1`;
    await unitOfWork.execute(update, [first]);
    await unitOfWork.query('select pg_sleep(0.2)');
    await unitOfWork.execute(update, [second]);
  };
  await Promise.all([
    inTenant(tenant, () => unitOfWork.run(() => bump('a', 'b'))),
    inTenant(tenant, () => unitOfWork.run(() => bump('b', 'a'))),
  ]);
  const prices = await inTenant(tenant, () => unitOfWork.read(() => widgets.find()));
  expect(prices.map((one) => one.priceMinor)).toEqual([2n, 2n]);
  expect(attempts).toBeGreaterThan(2);
});

it('runs what was put off until after the commit once, and not after a rollback', async () => {
  const seen: string[] = [];
  await inTenant(tenant, () =>
    unitOfWork.run(async () => {
      unitOfWork.afterCommit(() => void seen.push('committed'));
      await widgets.save(widget('one'));
      expect(seen).toEqual([]);
    }),
  );
  const failing = inTenant(tenant, () =>
    unitOfWork.run(() => {
      unitOfWork.afterCommit(() => void seen.push('rolled back'));
      return Promise.reject(new Error('no'));
    }),
  );
  await expect(failing).rejects.toThrow('no');
  expect(seen).toEqual(['committed']);
});

it('will not join the unit of work of another tenant', async () => {
  const other = testTenant(database);
  const crossing = inTenant(tenant, () =>
    unitOfWork.run(async () => {
      const { runInContext } = await import('#libs/context');
      return runInContext({ tenant: other }, () => unitOfWork.run(() => widgets.find()));
    }),
  );
  await expect(crossing).rejects.toBeInstanceOf(UnitOfWorkMismatch);
});

it('keeps many interleaved units of work apart on few connections', async () => {
  const tenants = Array.from({ length: 10 }, () => testTenant(database));
  await Promise.all(tenants.map((one) => inTenant(one, () => unitOfWork.run(() => widgets.save(widget(one.slug))))));
  const rounds = Array.from({ length: 300 }, (_, index) => tenants[index % tenants.length] ?? tenant);
  const seen = await Promise.all(
    rounds.map((one) =>
      inTenant(one, () =>
        unitOfWork.read(async () =>
          (await unitOfWork.query<{ name: string }>('select name from widget')).map((row) => row.name),
        ),
      ),
    ),
  );
  expect(seen).toEqual(rounds.map((one) => [one.slug]));
});

describe('writes in the background', () => {
  it('are committed with the rest, in the order in which they were sent', async () => {
    await inTenant(tenant, () =>
      unitOfWork.run(async () => {
        const lamp = widget('lamp', 1n);
        unitOfWork.inBackground(widgets.insert(lamp));
        lamp.priceMinor = 2n;
        unitOfWork.inBackground(widgets.update(lamp));
        expect(await unitOfWork.query('select price_minor, version from widget')).toEqual([
          { price_minor: '2', version: 2 },
        ]);
      }),
    );
    expect(await names()).toEqual(['lamp']);
  });

  it('fail the whole unit of work, and their own failure is what is told', async () => {
    const failing = inTenant(tenant, () =>
      unitOfWork.run(async () => {
        unitOfWork.inBackground(widgets.insert([widget('twice'), widget('twice')]));
        await widgets.insert(widget('after'));
      }),
    );
    await expect(failing).rejects.toMatchObject({ code: '23505' });
    const failingLast = inTenant(tenant, () =>
      unitOfWork.run(async () => unitOfWork.inBackground(widgets.insert([widget('twice'), widget('twice')]))),
    );
    await expect(failingLast).rejects.toMatchObject({ code: '23505' });
    expect(await names()).toEqual([]);
  });

  it('are repeated with the rest after a deadlock', async () => {
    await inTenant(tenant, () => unitOfWork.run(() => widgets.save([widget('a', 0n), widget('b', 0n)])));
    const bump = (first: string, second: string) =>
      inTenant(tenant, () =>
        unitOfWork.run(async () => {
          const update = 'update widget set price_minor = price_minor + 1 where name = $1';
          await unitOfWork.execute(update, [first]);
          await unitOfWork.query('select pg_sleep(0.2)');
          unitOfWork.inBackground(unitOfWork.execute(update, [second]));
        }),
      );
    await Promise.all([bump('a', 'b'), bump('b', 'a')]);
    const prices = await inTenant(tenant, () => unitOfWork.read(() => widgets.find()));
    expect(prices.map((one) => one.priceMinor)).toEqual([2n, 2n]);
  });
});

describe('a unit of work round others', () => {
  const around = <T>(work: () => Promise<T>, begun: () => void = () => undefined) =>
    inTenant(tenant, () => unitOfWork.around(work, begun));

  it('begins with the first of them, which says so before its own statements, and commits them all together', async () => {
    const seen: string[] = [];
    const committed = await around(
      async () => {
        seen.push(`open: ${unitOfWork.isOpen}`);
        expect(() => unitOfWork.manager).toThrow('unit_of_work.required');
        await unitOfWork.read(() => widgets.find());
        await unitOfWork.run(() => widgets.save(widget('inner')));
        expect(await names()).toEqual([]);
        return 'done';
      },
      () => seen.push('begun'),
    );
    expect([committed, seen, await names()]).toEqual(['done', ['open: false', 'begun'], ['inner']]);
  });

  it('takes no connection for work that needs none', async () => {
    const seen: string[] = [];
    await around(
      () => Promise.resolve(),
      () => seen.push('begun'),
    );
    expect(seen).toEqual([]);
  });

  it('begins once for several that start at once, and gives the connection back when another part of the work fails', async () => {
    const failing = around(async () => {
      await Promise.all([
        unitOfWork.run(() => widgets.save(widget('lost'))),
        unitOfWork.read(() => widgets.find()),
        Promise.reject(new Error('no')),
      ]);
    });
    await expect(failing).rejects.toThrow('no');
    expect(await names()).toEqual([]);
    const many = Array.from({ length: 50 }, () => around(() => unitOfWork.read(() => widgets.find())));
    expect(await Promise.all(many)).toHaveLength(50);
  });

  it('repeats the whole work after a serialization failure', async () => {
    let attempts = 0;
    await around(async () => {
      attempts += 1;
      await unitOfWork.run(() => widgets.save(widget('once')));
      if (attempts === 1) await unitOfWork.run(() => unitOfWork.query(`do $$ begin raise sqlstate '40001'; end $$`));
    });
    expect([attempts, await names()]).toEqual([2, ['once']]);
  });

  it('tells what the first statement failed with, not what that did to the others', async () => {
    const failing = around(
      () => unitOfWork.run(() => widgets.save(widget('behind'))),
      () => unitOfWork.inBackground(unitOfWork.query('select 1/0')),
    );
    await expect(failing).rejects.toMatchObject({ code: '22012' });
    expect(await names()).toEqual([]);
  });

  it('is the outermost', async () => {
    const inside = around(() =>
      unitOfWork.around(
        () => Promise.resolve(),
        () => undefined,
      ),
    );
    await expect(inside).rejects.toBeInstanceOf(UnitOfWorkMismatch);
  });
});

describe('what is sent with COMMIT', () => {
  const insert = `insert into widget (tenant_id, id, name, price_minor, version, updated_at)
    values ($1, gen_random_uuid(), $2, 1, 1, now())`;

  it('is committed with the rest, whether the rest needed a transaction or not', async () => {
    await inTenant(tenant, () =>
      unitOfWork.run(async () => {
        unitOfWork.lastly(insert, [tenant.id, 'last']);
        await widgets.save(widget('first'));
      }),
    );
    await inTenant(tenant, () =>
      unitOfWork.around(
        async () => unitOfWork.lastly(insert, [tenant.id, 'alone']),
        () => undefined,
      ),
    );
    expect(await names()).toEqual(['alone', 'first', 'last']);
  });

  it('rolls everything back when it fails, and that is what is told', async () => {
    const failing = inTenant(tenant, () =>
      unitOfWork.run(async () => {
        await widgets.save(widget('taken'));
        unitOfWork.lastly(insert, [tenant.id, 'taken']);
      }),
    );
    await expect(failing).rejects.toMatchObject({ code: '23505' });
    expect(await names()).toEqual([]);
  });
});

it('tells when COMMIT is on its way: whoever locks the same row then waits for it and sees what it wrote', async () => {
  const row = widget('before');
  await inTenant(tenant, () => unitOfWork.run(() => widgets.insert(row)));
  const sent = Promise.withResolvers<void>();
  const first = inTenant(tenant, () =>
    unitOfWork.run(async () => {
      await widgets.getForUpdate(row.id);
      // Half a second in which the row is not written yet, and nothing waits for this process.
      unitOfWork.inBackground(unitOfWork.query('select pg_sleep(0.5)'));
      unitOfWork.inBackground(unitOfWork.execute(`update widget set name = 'after' where id = $1`, [row.id]));
      unitOfWork.whenSent(sent.resolve);
    }),
  );
  let committed = false;
  const end = first.then(() => (committed = true));
  await sent.promise;
  expect(committed).toBe(false);
  const seen = await inTenant(tenant, () => unitOfWork.run(async () => (await widgets.getForUpdate(row.id)).name));
  await end;
  expect(seen).toBe('after');
});

it('tells nobody of a unit of work that has failed before it was sent', async () => {
  const told: string[] = [];
  const failing = inTenant(tenant, () =>
    unitOfWork.run(async () => {
      unitOfWork.whenSent(() => void told.push('sent'));
      await Promise.reject(new Error('no'));
    }),
  );
  await expect(failing).rejects.toThrow('no');
  expect(told).toEqual([]);
});

it('plans for any tenant, not by what the statistics say of this one; for reports by what they say', async () => {
  const mode = (options: { snapshot?: boolean }) =>
    inTenant(tenant, () =>
      unitOfWork.read(() => unitOfWork.query<{ plan_cache_mode: string }>('show plan_cache_mode'), options),
    );
  expect(await mode({})).toEqual([{ plan_cache_mode: 'force_generic_plan' }]);
  expect(await mode({ snapshot: true })).toEqual([{ plan_cache_mode: 'auto' }]);
});
