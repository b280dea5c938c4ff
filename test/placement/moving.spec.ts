import { setTimeout as sleep } from 'node:timers/promises';
import type { Placement, TenantIdentity } from '#libs/context';
import { TenantBeingMoved, TenantMovedAway } from '#libs/database';
import {
  MoveNotVerified,
  type MoveRun,
  MOVE_STEPS,
  type MoveStep,
  NoOpenMove,
  TenantDatabaseResolver,
  TenantMover,
  TenantMoves,
} from '#libs/tenancy';
import { contentsOf, PlacementStage, rowsAt } from '../support/placement-stage.js';

let stage: PlacementStage;
let mover: TenantMover;

beforeAll(async () => {
  // Each move holds a connection to the landlord for as long as it takes.
  stage = await PlacementStage.set({ pool: { max: 20, connectTimeoutMs: 20_000 } });
  mover = stage.module.get(TenantMover);
}, 120_000);
afterAll(() => stage?.strike());

const AT_ONCE: MoveRun = { keepSourceMs: 0 };

/** Where the tenant would be on a cluster in a model. */
function place(tenant: TenantIdentity, model: Placement['model'], cluster = 'default'): Promise<Placement> {
  return stage.module.get(TenantDatabaseResolver).placementForTenant(tenant.id, { model, cluster });
}

async function move(tenant: TenantIdentity, target: Placement, run: MoveRun = AT_ONCE): Promise<TenantIdentity> {
  await mover.plan(tenant, target);
  await mover.finish(tenant.id, run);
  return stage.now(tenant);
}

/** All rows of the tenant where it lives. */
const contents = (tenant: TenantIdentity) => contentsOf(stage.database, tenant.placement, tenant.id);

it('moves a tenant through every model, with every row as it was, takes it away where it was, and touches nobody else', async () => {
  const neighbour = await stage.tenant({ cluster: 'default' });
  let tenant = await stage.tenant({ cluster: 'default' });
  const before = await contents(tenant);
  const beside = await contents(neighbour);
  expect(Object.values(before).flat().length).toBeGreaterThan(35);
  const route: [Placement['model'], string][] = [
    ['schema', 'default'],
    ['database', 'east'],
    ['shared', 'default'],
  ];
  for (const [model, cluster] of route) {
    const from = tenant.placement;
    tenant = await move(tenant, await place(tenant, model, cluster));
    expect(tenant.placement).toMatchObject({ model, cluster });
    expect(await contents(tenant)).toEqual(before);
    if (from.model === 'shared') expect(await ownRowsIn(from, tenant)).toEqual([]);
    expect(await contents(neighbour)).toEqual(beside);
  }
  await stage.createProduct(tenant, 'SKU-AFTER');
  expect(await stage.skus(tenant)).toContain('SKU-AFTER');
}, 120_000);

/** What is left of the tenant in tables that it does not use any more: the work plane is used by all of a database. */
async function ownRowsIn(placement: Placement, tenant: TenantIdentity): Promise<string[]> {
  const left = Object.entries(await contentsOf(stage.database, placement, tenant.id));
  const isUsed = (name: string) => name.startsWith('platform.') && placement.database === tenant.placement.database;
  return left.filter(([name]) => !isUsed(name)).flatMap(([, rows]) => rows);
}

it('refuses writes with a clear 503 while it copies, lets reads go on, and lets writes in where the tenant is then', async () => {
  const tenant = await stage.tenant({ cluster: 'default' });
  const other = await stage.process();
  const refused = new Map<MoveStep, string>();
  const onStep = async (step: MoveStep, state: 'begins' | 'done') => {
    if (state === 'done' || step === 'prepared' || step === 'paused' || step === 'removed') return;
    const writing = stage.createProduct(tenant, `SKU-${step}`, other);
    refused.set(
      step,
      await writing.then(
        () => 'written',
        (error: unknown) => (error as Error).constructor.name,
      ),
    );
    expect(await stage.skus(tenant, other)).toEqual(['SKU-1', 'SKU-2', 'SKU-3']);
  };
  const checks: Promise<void>[] = [];
  const moved = await move(tenant, await place(tenant, 'schema', 'east'), {
    keepSourceMs: 500,
    onStep: (step, state) => checks.push(onStep(step, state)),
  });
  await Promise.all(checks);
  expect([...refused.values()]).toEqual([...refused].map(() => TenantBeingMoved.name));
  expect(refused.size).toBe(4);
  await expect(stage.createProduct(tenant, 'SKU-STALE', other)).rejects.toThrow(TenantMovedAway);
  await stage.createProduct(moved, 'SKU-NEW', other);
  expect(await stage.skus(moved)).toEqual(['SKU-1', 'SKU-2', 'SKU-3', 'SKU-NEW']);
  await other.close();
}, 120_000);

it('goes on to the same end, wherever it was broken off', async () => {
  const moments = MOVE_STEPS.flatMap((step) => [
    { step, moment: 'begins' as const },
    { step, moment: 'done' as const },
  ]);
  // Side by side: each waits until every process must know where its tenant lives.
  const ends = await Promise.all(moments.map(({ step, moment }) => brokenOff(step, moment)));
  expect(ends).toEqual(moments.map(() => 'as before'));
}, 120_000);

async function brokenOff(step: MoveStep, moment: 'begins' | 'done'): Promise<'as before'> {
  const tenant = await stage.tenant({ cluster: 'default' });
  const before = await contents(tenant);
  const target = await place(tenant, 'shared', 'east');
  const killed = move(tenant, target, {
    keepSourceMs: 0,
    onStep: (at, state) => {
      if (at === step && state === moment) throw new Error(`killed when ${step} ${moment}`);
    },
  });
  await expect(killed).rejects.toThrow(`killed when ${step} ${moment}`);
  const open = await stage.module.get(TenantMoves).open(tenant.id);
  const passed = MOVE_STEPS.indexOf(step) + (moment === 'done' ? 1 : 0);
  expect(open?.done ?? MOVE_STEPS).toEqual(MOVE_STEPS.slice(0, passed));
  // Until the switch is recorded nobody is sent anywhere else.
  const placed = passed > MOVE_STEPS.indexOf('switched') ? target : tenant.placement;
  expect((await stage.now(tenant)).placement).toEqual(placed);
  if (open) await mover.finish(tenant.id, AT_ONCE);
  const moved = await stage.now(tenant);
  expect(moved.placement).toEqual(target);
  expect(await contents(moved)).toEqual(before);
  expect(await ownRowsIn(tenant.placement, moved)).toEqual([]);
  await stage.createProduct(moved, 'SKU-AFTER');
  return 'as before';
}

it('switches nothing when the copy is not what was copied', async () => {
  const tenant = await stage.tenant({ cluster: 'default' });
  const target = await place(tenant, 'shared', 'east');
  await mover.plan(tenant, target);
  const spoilt = mover.finish(tenant.id, {
    onStep: (step, state) => {
      if (step === 'copied' && state === 'done') throw new Error('stopped');
    },
  });
  await expect(spoilt).rejects.toThrow('stopped');
  await rowsAt(
    stage.database,
    target,
    `update product set name = name || '!' where tenant_id = '${tenant.id}' and sku = 'SKU-2'`,
  );
  await expect(mover.finish(tenant.id, AT_ONCE)).rejects.toThrow(MoveNotVerified);
  expect((await stage.now(tenant)).placement).toEqual(tenant.placement);
  await mover.abandon(tenant.id);
  await stage.createProduct(tenant, 'SKU-AFTER');
  expect(await ownRowsIn(target, tenant)).toEqual([]);
  await expect(mover.finish(tenant.id)).rejects.toThrow(NoOpenMove);
}, 60_000);

it('cannot record a step whose predecessor was skipped, whoever asks', async () => {
  const tenant = await stage.tenant({ cluster: 'default' }, 0);
  const planned = await mover.plan(tenant, await place(tenant, 'shared', 'east'));
  const moves = stage.module.get(TenantMoves);
  for (const step of MOVE_STEPS.slice(1)) {
    const recording = step === 'switched' ? moves.switch(planned) : moves.record(planned, step);
    await expect(recording).rejects.toThrow(/tenant_move_\w+_in_order/);
  }
  expect((await stage.now(tenant)).placement).toEqual(tenant.placement);
  await mover.abandon(tenant.id);
});

it('loses no write that was let through just before the gate closed', async () => {
  const tenant = await stage.tenant({ cluster: 'default' }, 0);
  let written = 0;
  const enough = new AbortController();
  const writer = async (lane: number) => {
    for (let number = 0; !enough.signal.aborted; number++) {
      const current = await stage.now(tenant);
      const outcome = await Promise.allSettled([stage.createProduct(current, `SKU-${lane}-${number}`)]);
      if (outcome[0].status === 'fulfilled') written += 1;
      else await sleep(20);
    }
  };
  const writers = [1, 2, 3, 4].map(writer);
  await sleep(200);
  let current = tenant;
  for (const cluster of ['east', 'default']) current = await move(current, await place(current, 'shared', cluster));
  enough.abort();
  await Promise.all(writers);
  expect(written).toBeGreaterThan(20);
  expect(await stage.skus(await stage.now(tenant))).toHaveLength(written);
}, 120_000);
