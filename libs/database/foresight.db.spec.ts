import { Foresight, Misforeseen, type UnitOfWorkOptions, type UnitOfWork } from './index.js';
import { WidgetStage } from './testing/widget-stage.js';
import { type Widget, widget, type Widgets } from './testing/widget.js';

const LOCK = 'select id, price_minor from widget where id = $1 for no key update';

interface PriceRow {
  readonly id: string;
  readonly price_minor: string;
}

let stage: WidgetStage;
let unitOfWork: UnitOfWork;
let widgets: Widgets;
let foresight: Foresight;
let one: Widget;

beforeAll(async () => {
  stage = await WidgetStage.open();
  ({ unitOfWork, widgets } = stage);
});
afterAll(() => stage.close());

beforeEach(async () => {
  stage.newTenant();
  foresight = new Foresight();
  one = widget('one', 100n);
  await stage.run(() => widgets.insert(one));
});

/** Makes the widget dearer by so much, as one of several units of work that follow each other. */
function raise(
  by: bigint,
  options: UnitOfWorkOptions,
  meanwhile: () => void | Promise<void> = () => undefined,
): Promise<void> {
  return stage.as(() =>
    unitOfWork.run(async () => {
      const known = unitOfWork.foreseen<PriceRow>('price');
      const [row] = known
        ? unitOfWork.presume([known], LOCK, [one.id])
        : await unitOfWork.query<PriceRow>(LOCK, [one.id]);
      const price = String(BigInt(row?.price_minor ?? 0) + by);
      unitOfWork.inTurn(() => unitOfWork.execute('update widget set price_minor = $2 where id = $1', [one.id, price]));
      unitOfWork.leave('price', () => ({ id: one.id, price_minor: price }));
      await meanwhile();
    }, options),
  );
}

const isFree = async () =>
  (await stage.database.asSuperuser('select id from widget where id = $1 for no key update skip locked', [one.id]))
    .length === 1;

const price = () => stage.run(async () => (await widgets.get(one.id)).priceMinor);
const after = (locked: Promise<void>): UnitOfWorkOptions => ({ predecessor: { foresight, locked } });

it('goes on with what the one before leaves, and locks nothing before that has its locks', async () => {
  const end = Promise.withResolvers<void>();
  await raise(1n, after(Promise.resolve()));
  const first = raise(10n, after(end.promise));
  // Done but for the locks: the next one knows what it leaves.
  while ((foresight.get('price') as PriceRow).price_minor !== '111') await new Promise(setImmediate);
  const second = raise(100n, after(first));
  while ((foresight.get('price') as PriceRow).price_minor !== '211') await new Promise(setImmediate);
  expect(await price()).toBe(101n);
  end.resolve();
  await Promise.all([first, second]);
  expect(await price()).toBe(211n);
});

it('commits nothing when somebody else has changed what was foreseen', async () => {
  await raise(1n, after(Promise.resolve()));
  await raise(50n, {});
  await expect(raise(10n, after(Promise.resolve()))).rejects.toThrow(Misforeseen);
  expect(await price()).toBe(151n);
  // Forgotten: now it is asked.
  await raise(10n, after(Promise.resolve()));
  expect(await price()).toBe(161n);
});

it('commits nothing when the one before has not left what it said', async () => {
  const end = Promise.withResolvers<void>();
  await raise(1n, after(Promise.resolve()));
  const first = raise(10n, after(end.promise));
  const second = raise(100n, after(first.catch(() => undefined)));
  await raise(50n, {});
  end.resolve();
  await expect(first).rejects.toThrow(Misforeseen);
  await expect(second).rejects.toThrow(Misforeseen);
  expect(await price()).toBe(151n);
});

it('gives up what it holds when the one before does not end: somebody may be waiting for both', async () => {
  await raise(1n, after(Promise.resolve()));
  await expect(raise(10n, after(new Promise(() => undefined)))).rejects.toThrow(Misforeseen);
  expect(await price()).toBe(101n);
});

it('does not take a refusal for true that rests on something foreseen', async () => {
  await raise(1n, after(Promise.resolve()));
  const refusing = () => Promise.reject(new Error('too dear'));
  await expect(raise(10n, after(new Promise(() => undefined)), refusing)).rejects.toThrow(Misforeseen);
  await expect(raise(10n, {}, refusing)).rejects.toThrow('too dear');
  expect(await price()).toBe(101n);
});

it('says that the connection was lost, whatever was presumed', async () => {
  await raise(1n, after(Promise.resolve()));
  const lost = raise(10n, after(Promise.resolve()), async () => {
    const [{ pid } = { pid: 0 }] = await unitOfWork.query<{ pid: number }>('select pg_backend_pid() as pid');
    await stage.database.asSuperuser('select pg_terminate_backend($1)', [pid]);
    await unitOfWork.query('select 1');
  });
  await expect(lost).rejects.toThrow(/connection/i);
  expect(await price()).toBe(101n);
});

it('locks what is presumed before it locks anything else', async () => {
  const other = widget('other', 1n);
  await stage.run(() => widgets.insert(other));
  await raise(1n, after(Promise.resolve()));
  const seen: boolean[] = [];
  const end = Promise.withResolvers<void>();
  await raise(10n, after(end.promise), async () => {
    seen.push(await isFree());
    end.resolve();
    await widgets.getForUpdate(other.id);
    seen.push(await isFree());
  });
  expect(seen).toEqual([true, false]);
  expect(await price()).toBe(111n);
});

it('locks what is presumed before it writes in turn, also when its turn has come already', async () => {
  const free = await stage.as(() =>
    unitOfWork.run(async () => {
      unitOfWork.presume([{ id: one.id, price_minor: '100' }], LOCK, [one.id]);
      await new Promise(setImmediate);
      unitOfWork.inTurn(() => widgets.insert(widget('two')));
      await unitOfWork.query('select 1');
      return isFree();
    }, after(Promise.resolve())),
  );
  expect(free).toBe(false);
});

it('forgets all when it would remember too much', () => {
  const many = new Map(Array.from({ length: 30_000 }, (_, index) => [`first ${index}`, () => index]));
  foresight.leave(many);
  foresight.leave(new Map(Array.from({ length: 30_000 }, (_, index) => [`second ${index}`, () => index])));
  expect([foresight.get('first 1'), foresight.get('second 1')]).toEqual([undefined, 1]);
});
