import { jest } from '@jest/globals';
import type { UnitOfWork } from './index.js';
import { WidgetStage } from './testing/widget-stage.js';
import { widget, type Widgets } from './testing/widget.js';

let stage: WidgetStage;
let unitOfWork: UnitOfWork;
let widgets: Widgets;
let statements: jest.SpiedFunction<UnitOfWork['execute']>;

beforeAll(async () => {
  stage = await WidgetStage.open();
  ({ unitOfWork, widgets } = stage);
});
afterAll(() => stage.close());

beforeEach(() => {
  stage.newTenant();
  statements = jest.spyOn(unitOfWork, 'execute');
});
afterEach(() => statements.mockRestore());

/** What was written, a word a statement. */
const written = () => statements.mock.calls.map(([sql]) => (sql.startsWith('insert') ? 'insert' : 'update'));

const stored = async () => (await stage.run(() => widgets.find())).map(({ name, version }) => ({ name, version }));

it('writes a row that changes before anything else is asked once, as it ends', async () => {
  await stage.run(async () => {
    const lamp = widget('lamp');
    widgets.insertLater([lamp]);
    widgets.updateLater([Object.assign(lamp, { name: 'lamp, sold' })]);
    expect(unitOfWork.isBornHere(lamp.id)).toBe(true);
  });
  expect(written()).toEqual(['insert']);
  expect(await stored()).toEqual([{ name: 'lamp, sold', version: 1 }]);
});

it('sends rows ahead of the next statement, in the order in which they were given', async () => {
  const found = await stage.run(async () => {
    widgets.insertLater([widget('a')]);
    widgets.insertLater([widget('b')]);
    return widgets.find({}, { order: { id: 'ASC' } });
  });
  expect(found.map(({ name }) => name)).toEqual(['a', 'b']);
});

it('counts a version for what changes after the row was sent', async () => {
  await stage.run(async () => {
    const lamp = widget('lamp');
    widgets.insertLater([lamp]);
    await widgets.update(Object.assign(lamp, { name: 'lamp, on' }));
    widgets.updateLater([Object.assign(lamp, { name: 'lamp, off' })]);
    expect(lamp.version).toBe(3);
  });
  expect(await stored()).toEqual([{ name: 'lamp, off', version: 3 }]);
});

it('commits nothing when a row is refused, and tells why by the name that it was given', async () => {
  const taken = widget('lamp');
  await stage.run(() => widgets.insert(taken));
  const again = stage.run(async () => {
    widgets.insertLater([widget('other')]);
    widgets.insertLater([Object.assign(widget('lamp'), { id: taken.id })], (inserted) =>
      inserted.catch(() => Promise.reject(new Error('there is such a lamp'))),
    );
  });
  await expect(again).rejects.toThrow('there is such a lamp');
  expect(await stored()).toEqual([{ name: 'lamp', version: 1 }]);
});

it('forgets what is not sent when the work fails', async () => {
  const failing = stage.run(async () => {
    widgets.insertLater([widget('lamp')]);
    return Promise.reject(new Error('the shelf is gone'));
  });
  await expect(failing).rejects.toThrow('the shelf is gone');
  expect(written()).toEqual([]);
});
