import type { UnitOfWork } from './index.js';
import { WidgetStage } from './testing/widget-stage.js';
import { widget, type Widgets } from './testing/widget.js';

let stage: WidgetStage;
let unitOfWork: UnitOfWork;
let widgets: Widgets;

beforeAll(async () => {
  stage = await WidgetStage.open();
  ({ unitOfWork, widgets } = stage);
});
afterAll(() => stage.close());
beforeEach(() => stage.newTenant());

it('reads once for all who ask in it, and again in the next one', async () => {
  let reads = 0;
  const read = () =>
    unitOfWork.once('count', async () => {
      reads += 1;
      return (await widgets.find()).length;
    });
  const both = await stage.as(() => unitOfWork.run(() => Promise.all([read(), read()])));
  expect([both, reads]).toEqual([[0, 0], 1]);
  await stage.as(() => unitOfWork.run(() => widgets.save(widget('one'))));
  expect([await stage.as(() => unitOfWork.read(read)), reads]).toEqual([1, 2]);
});

it('knows the rows that were inserted here, and forgets them with their unit of work', async () => {
  const one = widget('one');
  const bornHere = () => unitOfWork.isBornHere(one.id);
  const within = await stage.as(() =>
    unitOfWork.run(async () => {
      const before = bornHere();
      await widgets.save(one);
      return [before, bornHere(), unitOfWork.isBornHere(widget('two').id)];
    }),
  );
  expect(within).toEqual([false, true, false]);
  expect(await stage.as(() => unitOfWork.run(async () => bornHere()))).toBe(false);
});
