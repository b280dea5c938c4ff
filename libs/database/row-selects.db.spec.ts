import { jest } from '@jest/globals';
import { In, Not } from 'typeorm';
import { WidgetStage } from './testing/widget-stage.js';
import { widget } from './testing/widget.js';

let stage: WidgetStage;

beforeAll(async () => {
  stage = await WidgetStage.open();
});
afterAll(() => stage.close());

/** Statements of our own while `work` runs; those of TypeORM's query builder do not come by here. */
async function plainSelects(work: () => Promise<unknown>): Promise<number> {
  const queries = jest.spyOn(stage.unitOfWork, 'query');
  await stage.run(work);
  const count = queries.mock.calls.length;
  queries.mockRestore();
  return count;
}

it.each<[string, () => Promise<unknown>]>([
  ['a column that equals a value', () => stage.widgets.find({ name: 'lamp' })],
  ['one of several values', () => stage.widgets.find({ name: In(['lamp', 'vase']) })],
  ['nothing but the tenant', () => stage.widgets.find()],
  ['an order', () => stage.widgets.find({}, { order: { name: 'ASC' } })],
  ['one row', () => stage.widgets.findOne({ name: 'lamp' })],
  ['rows by id', () => stage.widgets.findByIds([widget('any').id])],
])('asks for %s by a statement that is put together once', async (_, work) => {
  expect(await plainSelects(work)).toBe(1);
});

it('leaves any other filter to the query builder, with the same answer', async () => {
  await stage.run(() => stage.widgets.insert([widget('lamp'), widget('vase')]));
  const found = () => stage.widgets.find({ name: Not('lamp') });
  expect(await plainSelects(found)).toBe(0);
  expect((await stage.run(found)).map(({ name }) => name)).toEqual(['vase']);
});
