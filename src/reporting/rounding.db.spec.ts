import { UnitOfWork } from '#libs/database';
import { UnitPrice } from '#libs/kernel';
import { inTenant } from '#libs/tenancy';
import { createTestDatabase, type TestDatabase, testingModule, testTenant } from '#libs/testing';
import type { TestingModule } from '@nestjs/testing';
import { halfEvenSql } from './rounding.js';

let database: TestDatabase;
let module: TestingModule;

beforeAll(async () => {
  database = await createTestDatabase([]);
  module = await testingModule(database, {});
});

afterAll(async () => {
  await module.close();
  await database.drop();
});

it.each(['GBP', 'JPY', 'KWD'])('rounds in SQL as lines of documents in %s are rounded', async (currency) => {
  const perMinor = { GBP: 100, JPY: 10_000, KWD: 10 }[currency];
  const prices = [0n, 5n, 10n, 15n, 49n, 50n, 51n, 150n, 250n, 5_000n, 15_000n, 25_000n, 9_007_199_254_740_993n];
  const values = prices.flatMap((price) => [price, -price]);
  const rounded = await inTenant(testTenant(database), () =>
    module.get(UnitOfWork).read(() =>
      module.get(UnitOfWork).query<{ minor: string }>(
        `select (${halfEvenSql('value', '$2::numeric')})::text as minor
           from unnest($1::numeric[]) with ordinality as x (value, place) order by place`,
        [values.map(String), perMinor],
      ),
    ),
  );
  expect(rounded.map(({ minor }) => BigInt(minor))).toEqual(
    values.map((value) => UnitPrice.of(value, currency).extend(1).minor),
  );
});
