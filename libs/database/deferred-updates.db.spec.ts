import { jest } from '@jest/globals';
import type { UnitOfWork } from './index.js';
import { type Gauge, gauge, gaugeSchema, Gauges } from './testing/gauge.js';
import { WidgetStage } from './testing/widget-stage.js';
import { widget, type Widgets } from './testing/widget.js';

let stage: WidgetStage;
let unitOfWork: UnitOfWork;
let gauges: Gauges;
let widgets: Widgets;
let statements: jest.SpiedFunction<UnitOfWork['execute']>;

beforeAll(async () => {
  stage = await WidgetStage.open([gaugeSchema], [Gauges]);
  ({ unitOfWork, widgets } = stage);
  gauges = stage.module.get(Gauges);
});
afterAll(() => stage.close());

beforeEach(() => {
  stage.newTenant();
  statements = jest.spyOn(unitOfWork, 'execute');
});
afterEach(() => statements.mockRestore());

/** How often gauges were updated. */
function updates(): number {
  return statements.mock.calls.filter(([sql]) => sql.includes('update "gauge"')).length;
}

async function inserted(): Promise<Gauge> {
  const one = gauge(1);
  await gauges.insert(one);
  return one;
}

function turn(one: Gauge, reading: number): void {
  one.reading = reading;
  gauges.updateLater([one]);
}

async function readings(): Promise<number[]> {
  return (await stage.run(() => gauges.find())).map(({ reading }) => reading);
}

it('writes a row that is changed three times once, in the state it ends in', async () => {
  await stage.run(async () => {
    const one = await inserted();
    turn(one, 2);
    turn(one, 3);
    // Somebody else's table: nothing has to be sent for it.
    await widgets.insert(widget('lamp'));
    await widgets.find();
    turn(one, 4);
  });
  expect(updates()).toBe(1);
  expect(await readings()).toEqual([4]);
});

it.each<[string, () => Promise<number | undefined>]>([
  ['a find', async () => (await gauges.find())[0]?.reading],
  ['raw SQL', async () => (await unitOfWork.query<{ reading: number }>('select reading from gauge'))[0]?.reading],
  ['TypeORM’s manager', async () => (await unitOfWork.manager.find('gauge')).map((row) => (row as Gauge).reading)[0]],
])('shows %s of the same unit of work what is deferred', async (_name, read) => {
  await stage.run(async () => {
    const one = await inserted();
    turn(one, 7);
    expect(await read()).toBe(7);
    turn(one, 8);
    expect(await read()).toBe(8);
  });
  expect(updates()).toBe(2);
});

it('commits nothing when what was deferred is refused', async () => {
  const refused = stage.run(async () => {
    turn(await inserted(), -1);
    return 'committed';
  });
  await expect(refused).rejects.toMatchObject({ code: '23514' });
  expect(await readings()).toEqual([]);
});

it('commits nothing when a row that was deferred is not there', async () => {
  const missing = stage.run(async () => {
    turn(await inserted(), 3);
    turn(gauge(9), 10);
  });
  await expect(missing).rejects.toMatchObject({ code: '22012' });
  expect(await readings()).toEqual([]);
});

it('forgets what is deferred when the work fails', async () => {
  const one = await stage.run(inserted);
  const failing = stage.run(async () => {
    turn(one, 5);
    return Promise.reject(new Error('the shelf is gone'));
  });
  await expect(failing).rejects.toThrow('the shelf is gone');
  expect(updates()).toBe(0);
  expect(await readings()).toEqual([1]);
});

it('gives a row with a version one new version, however many changes there are, and tells it at once', async () => {
  const lamp = widget('lamp');
  await stage.run(() => widgets.insert(lamp));
  const told = await stage.run(async () => {
    const held = await widgets.getForUpdate(lamp.id);
    widgets.updateLater([Object.assign(held, { name: 'lamp, on' })]);
    widgets.updateLater([Object.assign(held, { name: 'lamp, off' })]);
    return held.version;
  });
  const stored = await stage.run(() => widgets.get(lamp.id));
  expect({ name: stored.name, version: stored.version }).toEqual({ name: 'lamp, off', version: told });
  expect(told).toBe(lamp.version + 1);
});

it('writes a row again, at its next version, that changes after it was written', async () => {
  const lamp = widget('lamp');
  await stage.run(async () => {
    await widgets.insert(lamp);
    widgets.updateLater([Object.assign(lamp, { name: 'lamp, on' })]);
    expect((await widgets.find()).map(({ name }) => name)).toEqual(['lamp, on']);
    await widgets.update(Object.assign(lamp, { name: 'lamp, dim' }));
    widgets.updateLater([Object.assign(lamp, { name: 'lamp, off' })]);
  });
  const stored = await stage.run(() => widgets.get(lamp.id));
  expect({ name: stored.name, version: stored.version }).toEqual({ name: 'lamp, off', version: lamp.version });
  expect(lamp.version).toBe(4);
});
