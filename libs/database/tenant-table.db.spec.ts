import { createTestDatabase, type TestDatabase } from '#libs/testing';
import { widgetSchema } from './testing/widget.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase([widgetSchema]);
});
afterAll(() => database.drop());

it('makes the primary key after all other indexes, so that checks of foreign keys use it from the first row on', async () => {
  const indexes = await database.asOwner<{ name: string }>(
    `select indexrelid::regclass::text as name from pg_index where indrelid = 'widget'::regclass order by indexrelid`,
  );
  expect(indexes.map((index) => index.name)).toEqual([
    'widget_tenant_id_name_key',
    'widget_created_at_idx',
    'widget_pkey',
  ]);
});
