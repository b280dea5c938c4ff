import pg from 'pg';
import { UnitPrice, uuidv7 } from '#libs/kernel';
import { RecordStockAdjustment } from '../adjustments/record-stock-adjustment.js';
import { RecordStockReceipt } from '../receipts/record-stock-receipt.js';
import { InventoryStage } from '../testing/index.js';
import { ReleaseStock } from './release-stock.js';
import { ReserveStock } from './reserve-stock.js';
import { ReturnStock } from './return-stock.js';

const LINES = 700;

let stage: InventoryStage;
let warehouseId: string;
let products: string[];
let seen: string[] = [];
const { query } = pg.Client.prototype;

beforeAll(async () => {
  stage = await InventoryStage.open();
  warehouseId = await stage.warehouse();
  products = await stage.products(LINES);
  pg.Client.prototype.query = function counted(this: pg.Client, ...parameters: unknown[]): unknown {
    const [first] = parameters as [string | { readonly text: string }];
    seen.push(typeof first === 'string' ? first : first.text);
    return Reflect.apply(query, this, parameters);
  } as typeof query;
});

afterAll(async () => {
  pg.Client.prototype.query = query;
  await stage.close();
});

/** Statements between BEGIN and COMMIT, by the table that they are about. */
async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  seen = [];
  await stage.as(work);
  return seen.filter((sql) => !/^(BEGIN|COMMIT)/.test(sql)).map(subjectOf);
}

function subjectOf(statement: string): string {
  const sql = statement.replaceAll('"', '').replaceAll(/\s+/g, ' ').trim();
  if (sql.includes('platform.outbox_event')) return 'insert into platform.outbox_event';
  const write = /^(?:with changed as \()?((?:insert into|update) \w+)/.exec(sql);
  return write?.[1] ?? `select ${/ from (\w+)/i.exec(sql)?.[1] ?? sql}`;
}

const unitCost = UnitPrice.parse('1.25', 'GBP');
const lines = () => products.map((productId) => ({ productId, quantity: 2, unitCost }));

it('takes as many statements for 700 lines as for one: one a table', async () => {
  const first = await statementsOf(() => stage.get(RecordStockReceipt).execute({ warehouseId, lines: lines() }));
  const receipt = [
    'select warehouse',
    'select stock_level',
    'insert into stock_receipt',
    'insert into stock_receipt_line',
    'select fake_order',
    'insert into stock_movement',
    'insert into platform.outbox_event',
    // Last, once for all that the unit of work has changed.
    'update stock_level',
  ];
  // Levels that do not exist are opened, once a product and warehouse, and are those of goods.
  const opening = ['insert into stock_level', 'select stock_level', 'select product'];
  expect(first).toEqual([...receipt.slice(0, 2), ...opening, ...receipt.slice(2)]);
  const again = await statementsOf(() => stage.get(RecordStockReceipt).execute({ warehouseId, lines: lines() }));
  expect(again).toEqual(receipt);
});

it('adjusts, returns and releases with a constant number of statements', async () => {
  const adjust = await statementsOf(() =>
    stage.get(RecordStockAdjustment).execute({
      warehouseId,
      lines: products.map((productId) => ({ productId, quantity: -1, reason: 'count' })),
    }),
  );
  expect(adjust).toHaveLength(8);
  const back = products.map((productId) => ({ lineId: uuidv7(), productId, quantity: 1, costMinor: 100n }));
  const request = { warehouseId, documentId: uuidv7(), businessDate: '2026-03-01', lines: back };
  expect(await statementsOf(() => stage.get(ReturnStock).execute(request))).toHaveLength(5);
});

it('reserves and ships with a constant number of statements', async () => {
  const { id } = await stage.as(() => stage.demands.order(warehouseId, lines()));
  const reserve = await statementsOf(() => stage.get(ReserveStock).execute(id));
  // The stand-in for sales asks, locks and reads, and writes: four of these are its own.
  expect(reserve).toHaveLength(2 + 4);
  const release = { warehouseId, lines: products.slice(0, 300).map((productId) => ({ productId, quantity: 1 })) };
  expect(await statementsOf(() => stage.get(ReleaseStock).execute(release))).toHaveLength(3);
});
