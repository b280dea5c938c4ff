import type { TestingModule } from '@nestjs/testing';
import { UnitOfWork, UnitOfWorkRequired } from '#libs/database';
import { uuidv7 } from '#libs/kernel';
import { inTenant, tenancySchema } from '#libs/tenancy';
import { createTestDatabase, type TestDatabase, testingModule, testTenant } from '#libs/testing';
import { NumberingModule } from './numbering.module.js';
import { NumberSeries } from './number-series.js';
import { numberingSchema } from './schema.js';

describe('a number series', () => {
  let database: TestDatabase;
  let module: TestingModule;
  let tenant: ReturnType<typeof testTenant>;
  const issue = (series = 'invoice', year = 2026) =>
    inTenant(tenant, () => module.get(UnitOfWork).run(() => module.get(NumberSeries).next(series, year)));

  beforeAll(async () => {
    database = await createTestDatabase([tenancySchema, numberingSchema]);
    // What a document is to the series: something that carries its number.
    await database.asOwner('create table document (id uuid primary key, number bigint not null)');
    await database.asOwner('grant select, insert on document to quoin_app');
    module = await testingModule(database, { imports: [NumberingModule] });
  });
  beforeEach(() => (tenant = testTenant(database)));
  afterEach(async () => database.asSuperuser('truncate document'));
  afterAll(async () => {
    await module.close();
    await database.drop();
  });

  /** Issues one document; `fail` rolls it back after it has taken its number. */
  const issueDocument = async (next: () => Promise<number>, fail: boolean) => {
    const unitOfWork = module.get(UnitOfWork);
    await inTenant(tenant, () =>
      unitOfWork.run(async () => {
        const number = await next();
        await unitOfWork.execute('insert into document (id, number) values ($1, $2)', [uuidv7(), number]);
        if (fail) throw new Error('rolled back');
      }),
    );
  };

  /** 32 issuers, 10 documents each, every fifth rolled back: the numbers that are there afterwards. */
  const numbersOf = async (next: () => Promise<number>) => {
    const issuer = async (start: number) => {
      for (let n = 0; n < 10; n++) {
        const fail = (start + n) % 5 === 0;
        const issued = issueDocument(next, fail);
        if (fail) await expect(issued).rejects.toThrow('rolled back');
        else await issued;
      }
    };
    await Promise.all(Array.from({ length: 32 }, (_, start) => issuer(start)));
    const rows = await database.asSuperuser<{ number: string }>('select number from document order by number');
    return rows.map(({ number }) => Number(number));
  };

  describe('taken ahead', () => {
    const ahead = (work: (series: NumberSeries) => Promise<number[]>, numbersAhead = true) =>
      inTenant(tenant, () => module.get(UnitOfWork).run(() => work(module.get(NumberSeries)), { numbersAhead }));

    it('is the next one that is asked for, and the one after it follows', async () => {
      const numbers = await ahead(async (series) => {
        series.ahead('invoice', 2026);
        return [await series.next('invoice', 2026), await series.next('invoice', 2026)];
      });
      expect([...numbers, await issue()]).toEqual([1, 2, 3]);
    });

    it('rolls everything back when it is not used: no number is lost', async () => {
      await issue();
      const unused = ahead(async (series) => {
        series.ahead('invoice', 2026);
        return [await series.next('credit_note', 2026)];
      });
      await expect(unused).rejects.toThrow('a number of invoice 2026 was taken and not used');
      expect([await issue(), await issue('credit_note')]).toEqual([2, 1]);
    });

    it('is not taken in work that others must not wait for', async () => {
      await ahead(async (series) => {
        series.ahead('invoice', 2026);
        return [];
      }, false);
      expect(await issue()).toBe(1);
    });
  });

  it('starts at one and counts each series and year by itself', async () => {
    expect([await issue(), await issue(), await issue('invoice', 2027), await issue('credit_note')]).toEqual([
      1, 2, 1, 1,
    ]);
  });

  it('counts each tenant by itself', async () => {
    expect([await issue(), await issue()]).toEqual([1, 2]);
    tenant = testTenant(database);
    expect(await issue()).toBe(1);
  });

  it('has no gap and no duplicate when 32 issue at once and a fifth is rolled back', async () => {
    const numbers = await numbersOf(() => module.get(NumberSeries).next('invoice', 2026));
    expect(numbers).toEqual(Array.from({ length: 256 }, (_, index) => index + 1));
  });

  it('would have gaps if it were a sequence of PostgreSQL', async () => {
    await database.asOwner('create sequence mutation');
    await database.asOwner('grant usage on sequence mutation to quoin_app');
    const numbers = await numbersOf(async () => {
      const [row] = await module.get(UnitOfWork).query<{ number: string }>(`select nextval('mutation') as number`);
      return Number(row?.number);
    });
    expect(numbers).toHaveLength(256);
    expect(numbers.at(-1)).toBeGreaterThan(256);
  });

  it('takes several numbers at once', async () => {
    const first = await inTenant(tenant, () =>
      module.get(UnitOfWork).run(() => module.get(NumberSeries).take('customer', 0, 5)),
    );
    expect([first, await issue('customer', 0)]).toEqual([1, 6]);
  });

  it('takes at least one', async () => {
    const take = (count: number) =>
      inTenant(tenant, () => module.get(UnitOfWork).run(() => module.get(NumberSeries).take('customer', 0, count)));
    await expect(take(0)).rejects.toThrow(RangeError);
    await expect(take(-1)).rejects.toThrow(RangeError);
  });

  it('gives no number outside a unit of work', async () => {
    await expect(inTenant(tenant, () => module.get(NumberSeries).next('invoice', 2026))).rejects.toThrow(
      UnitOfWorkRequired,
    );
  });
});
