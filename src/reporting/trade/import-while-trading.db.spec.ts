import { jest } from '@jest/globals';
import { newProduct } from '#erp/catalog/testing';
import { newCustomer } from '#erp/customers/testing';
import { RecordStockAdjustment } from '#erp/inventory';
import { Foresight } from '#libs/database';
import { ReportingStage } from '../testing/index.js';

const SALES = 60;

let stage: ReportingStage;

beforeAll(async () => {
  stage = await ReportingStage.open();
});

afterAll(() => stage.close());

const loseOne = () =>
  stage.get(RecordStockAdjustment).execute({
    warehouseId: stage.warehouseId,
    lines: stage.products.map((productId) => ({ productId, quantity: -1, reason: 'lost' })),
  });

// Documents of the importer foresee stock and numbers. Seen red, not every time, with foresight that nobody compares; foresight.db.spec is each time.
it('imports while others sell the same goods and take the same numbers, and the books are right', async () => {
  await stage.newShop([newProduct('LAMP'), newProduct('VASE')], newCustomer('Ada Ltd'));
  const forgets = jest.spyOn(Foresight.prototype, 'forget');
  const lines = Array.from({ length: SALES }, (_, sale) => [
    `${1_000 + sale},LAMP,LAMP,1,2010-12-01T08:26:00,2.50,17850,France`,
    `${1_000 + sale},VASE,VASE,1,2010-12-01T08:26:00,1.25,17850,France`,
  ]);
  const importing = stage.importLines(lines.flat());
  const progress = { ended: false };
  const told = importing.finally(() => (progress.ended = true));
  let lost = 0;
  let sold = 0;
  // Dated like the documents, so that both number their invoices in one series. What is lost takes no number.
  while (!progress.ended && lost < 30) {
    lost += 1;
    await stage.as(() => loseOne());
    if (lost % 5 !== 0) continue;
    await stage.as(() => stage.sell([1, 1]), new Date('2010-12-01T09:00:00Z'));
    sold += 1;
  }
  expect(await told).toMatchObject({ documents: SALES, rejected: 0 });
  expect(sold).toBeGreaterThan(0);
  // It has been mistaken at least once, or nothing was tried here.
  expect(forgets).toHaveBeenCalled();
  forgets.mockRestore();
  await stage.deliver();
  expect(await stage.verify()).toMatchObject({ ok: true });
  const levels = await stage.database.asSuperuser<{ on_hand: string; reserved: string }>(
    'select on_hand, reserved from stock_level where tenant_id = $1',
    [stage.tenant.id],
  );
  const left = { on_hand: String(100 - SALES - lost), reserved: String(sold) };
  expect(levels).toEqual([left, left]);
});
