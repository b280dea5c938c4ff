import { UnitOfWork } from '#libs/database';
import { InventoryStage } from '../testing/index.js';

let stage: InventoryStage;
let warehouseId: string;
let lamp: string;

beforeAll(async () => {
  stage = await InventoryStage.open();
  warehouseId = await stage.warehouse();
  [lamp] = (await stage.products(1)) as [string];
  await stage.receive(warehouseId, lamp, 10);
});

afterAll(() => stage.close());

const sql = <R>(statement: string) => stage.run(() => stage.get(UnitOfWork).query<R>(statement));
const owner = <R>(statement: string) => stage.database.asOwner<R>(statement);
const superuser = <R>(statement: string) => stage.database.asSuperuser<R>(statement);
const month = (offset: number) => {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1));
};
const partition = (offset: number) => `stock_movement_${month(offset).toISOString().slice(0, 7).replace('-', '')}`;

it('makes partitions from last month to a year ahead, each with the tenant’s policy and granted to nobody', async () => {
  const partitions = await superuser<{ name: string; secure: boolean; policies: string; granted: boolean }>(`
    select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as secure,
      (select count(*) from pg_policy p where p.polrelid = c.oid) as policies,
      has_any_column_privilege('quoin_app', c.oid, 'select, insert, update') or
      has_table_privilege('quoin_app', c.oid, 'select, insert, update, delete, truncate, references, trigger') as granted
    from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'stock_movement'::regclass order by 1`);
  expect(partitions.map((one) => one.name)).toEqual([
    ...Array.from({ length: 14 }, (_, index) => partition(index - 1)),
    'stock_movement_default',
  ]);
  expect(partitions.every((one) => one.secure && one.policies === '1' && !one.granted)).toBe(true);
});

it('puts a movement into the partition of the month in which it was recorded', async () => {
  const rows = await superuser<{ name: string }>('select tableoid::regclass::text as name from stock_movement');
  expect(rows).toEqual([{ name: partition(0) }]);
});

it('lets the application insert and read movements, and nothing else', async () => {
  for (const statement of [
    'update stock_movement set quantity = 2',
    'delete from stock_movement',
    'truncate stock_movement',
    `select * from ${partition(0)}`,
    `delete from ${partition(0)}`,
    'select ensure_stock_movement_partitions()',
    'update stock_receipt set value_minor = 0',
    'delete from stock_receipt_line',
    'delete from stock_level',
    'update stock_adjustment_line set quantity = 1',
  ]) {
    await expect(sql(statement)).rejects.toMatchObject({ code: '42501' });
  }
});

it('shows a tenant none of another’s stock, by the table and, were it granted, by the partition', async () => {
  const ours = stage.tenant;
  stage.newTenant();
  await owner(`grant select on ${partition(0)} to quoin_app`);
  for (const table of [
    'warehouse',
    'stock_level',
    'stock_movement',
    'stock_receipt',
    'stock_receipt_line',
    partition(0),
  ]) {
    expect(await sql(`select * from ${table}`)).toEqual([]);
  }
  await owner(`alter table ${partition(0)} disable row level security`);
  expect(await sql(`select * from ${partition(0)}`)).toHaveLength(1);
  await owner(`alter table ${partition(0)} enable row level security`);
  await owner(`revoke select on ${partition(0)} from quoin_app`);
  stage.tenant = ours;
});

it('cannot receive into another tenant’s warehouse or a product that is not ours', async () => {
  const ours = stage.tenant;
  stage.newTenant();
  const theirs = await stage.warehouse();
  const [desk] = (await stage.products(1)) as [string];
  await expect(stage.receive(warehouseId, desk, 1)).rejects.toMatchObject({ code: 'inventory.warehouse.not_found' });
  await expect(stage.receive(theirs, lamp, 1)).rejects.toMatchObject({ code: 'inventory.product.not_stockable' });
  stage.tenant = ours;
});

it('moves what waited in the default partition into the month’s own', async () => {
  await owner(`drop table ${partition(2)}`);
  await superuser(`update stock_movement set recorded_at = '${month(2).toISOString()}'`);
  expect(await superuser('select from stock_movement_default')).toHaveLength(1);
  expect(await owner('select ensure_stock_movement_partitions() as made')).toEqual([{ made: 1 }]);
  expect(await owner('select ensure_stock_movement_partitions() as made')).toEqual([{ made: 0 }]);
  expect(await superuser('select from stock_movement_default')).toHaveLength(0);
  expect(await superuser(`select from ${partition(2)}`)).toHaveLength(1);
  expect(await sql(`select * from stock_movement`)).toHaveLength(1);
  await expect(sql(`select * from ${partition(2)}`)).rejects.toMatchObject({ code: '42501' });
  expect(
    await superuser(`select from pg_class where relname = '${partition(2)}' and relforcerowsecurity`),
  ).toHaveLength(1);
  expect(
    await superuser(`select from pg_class where relname = 'stock_movement_default' and relforcerowsecurity`),
  ).toHaveLength(1);
  expect(await stage.faults()).toEqual([]);
});
