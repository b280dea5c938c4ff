import { jest } from '@jest/globals';
import pg from 'pg';
import { ConcurrentModification } from '#libs/database';
import { ArchiveCustomer } from './archive-customer.js';
import { CreateCustomers } from './create-customers.js';
import { CustomerExternalRefTaken, CustomerNotFound } from './customer.errors.js';
import { type CustomerFilter, CustomerQueries } from './customer.queries.js';
import { demoCustomers } from './demo/demo-customers.js';
import { RestoreCustomer } from './restore-customer.js';
import { CustomersStage, londonAddress, newCustomer } from './testing/index.js';
import { type CustomerChanges, UpdateCustomer } from './update-customer.js';

let stage: CustomersStage;

beforeAll(async () => {
  stage = await CustomersStage.open();
});

afterAll(() => stage.close());

beforeEach(() => stage.freshTenant());

const update = (id: string, changes: CustomerChanges) =>
  stage.run(() => stage.module.get(UpdateCustomer).execute(id, changes));
const list = (filter: CustomerFilter, limit = 50, cursor?: string) =>
  stage.run(() => stage.module.get(CustomerQueries).page(filter, limit, cursor));
const namesOf = async (filter: CustomerFilter) => (await list(filter)).items.map(({ name }) => name).toSorted();
const numbers = async () => (await list({}, 200)).items.map(({ number }) => number).toSorted();
const countedTo = (last: number) =>
  Array.from({ length: last }, (_, index) => `C-${String(index + 1).padStart(6, '0')}`);

async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const spy = jest.spyOn(pg.Client.prototype, 'query');
  try {
    await work();
    return spy.mock.calls.length;
  } finally {
    spy.mockRestore();
  }
}

describe('customer numbers', () => {
  it('have no gap and no double after 20 creators raced, some of whom failed', async () => {
    const creators = Array.from({ length: 20 }, (_, index) =>
      stage.create(newCustomer(`Customer ${index}`, { externalRef: `ref-${index % 15}` })),
    );
    const settled = await Promise.allSettled(creators);
    const refused = settled.filter((each) => each.status === 'rejected');
    expect(refused.map((each) => each.reason as unknown)).toEqual(Array(5).fill(expect.any(CustomerExternalRefTaken)));
    expect(await numbers()).toEqual(countedTo(15));
  });

  it('count in the order of a batch, and each tenant for itself', async () => {
    const batch = await stage.create(newCustomer('A'), newCustomer('B'), newCustomer('C'));
    expect(batch.map(({ name, number }) => [name, number])).toEqual([
      ['A', 'C-000001'],
      ['B', 'C-000002'],
      ['C', 'C-000003'],
    ]);
    stage.freshTenant();
    await stage.create(newCustomer('D'));
    expect(await numbers()).toEqual(['C-000001']);
  });

  it('are not used up by work that rolls back', async () => {
    await stage.create(newCustomer('A'));
    const undone = stage.run(async () => {
      await stage.module.get(CreateCustomers).execute([newCustomer('B')]);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    await stage.create(newCustomer('C'));
    expect(await numbers()).toEqual(countedTo(2));
  });
});

it('are created in bulk with as many statements as one', async () => {
  const one = await statementsOf(() => stage.create(newCustomer('One')));
  const inputs = Array.from({ length: 2_000 }, (_, index) => newCustomer(`Customer ${index}`));
  expect(await statementsOf(() => stage.create(...inputs))).toBe(one);
});

describe('external references', () => {
  it('are unique per tenant, in creation and in changes', async () => {
    const [first, second] = await stage.create(newCustomer('A', { externalRef: '17850' }), newCustomer('B'));
    await expect(stage.create(newCustomer('C', { externalRef: '17850' }))).rejects.toThrow(CustomerExternalRefTaken);
    await expect(update(second!.id, { externalRef: '17850' })).rejects.toThrow(CustomerExternalRefTaken);
    const found = await stage.run(() => stage.module.get(CustomerQueries).byExternalRefs(['17850', 'none']));
    expect([...found].map(([ref, { id }]) => [ref, id])).toEqual([['17850', first?.id]]);
    stage.freshTenant();
    expect(await stage.create(newCustomer('D', { externalRef: '17850' }))).toHaveLength(1);
  });

  it('go to both of two creators that race once the constraint is gone: it is what refuses', async () => {
    const mutated = await CustomersStage.open();
    try {
      const both = () =>
        Promise.allSettled([1, 2].map((index) => mutated.create(newCustomer(`${index}`, { externalRef: 'X' }))));
      expect((await both()).map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      mutated.freshTenant();
      await mutated.database.asOwner('alter table customer drop constraint customer_external_ref_unique');
      expect((await both()).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    } finally {
      await mutated.close();
    }
  });
});

describe('changes', () => {
  it('reach what is named and nothing else; null removes', async () => {
    const [before] = await stage.create(newCustomer('Ann', { phone: '123', externalRef: 'x' }));
    const shippingAddress = { ...londonAddress, line1: '2 Test Street' };
    await update(before!.id, { name: 'Ann Lee', phone: null, shippingAddress });
    const after = await stage.run(() => stage.module.get(CustomerQueries).get(before!.id));
    const { name, phone, email, externalRef, number, version } = after;
    expect({ name, phone, email, externalRef, number, version }).toEqual({
      name: 'Ann Lee',
      phone: null,
      email: 'ann@example.test',
      externalRef: 'x',
      number: 'C-000001',
      version: 2,
    });
    expect([after.billingAddress, after.shippingAddress]).toEqual([londonAddress, shippingAddress]);
    expect(await namesOf({ q: 'lee' })).toEqual(['Ann Lee']);
  });

  it('of two editors who saw the same version: one wins, the other is told both versions', async () => {
    const { id } = await stage.createOne(newCustomer('Ann'));
    const gate = Promise.withResolvers<void>();
    const written = Promise.withResolvers<void>();
    const first = stage.run(async () => {
      await stage.module.get(UpdateCustomer).execute(id, { name: 'First' });
      written.resolve();
      await gate.promise;
    });
    await written.promise;
    const second = update(id, { name: 'Second' });
    second.catch(() => undefined);
    await stage.untilSomebodyWaits();
    gate.resolve();
    await first;
    await expect(second).rejects.toThrow(ConcurrentModification);
    await expect(second).rejects.toMatchObject({ details: { expectedVersion: 1, currentVersion: 2 } });
  });

  it('archive and restore, each once', async () => {
    const { id } = await stage.createOne(newCustomer('Ann'));
    const archive = () => stage.run(() => stage.module.get(ArchiveCustomer).execute(id));
    const restore = () => stage.run(() => stage.module.get(RestoreCustomer).execute(id));
    expect(await archive()).toMatchObject({ status: 'archived', version: 2 });
    expect(await archive()).toMatchObject({ status: 'archived', version: 2 });
    expect(await restore()).toMatchObject({ status: 'active', version: 3 });
    expect(await restore()).toMatchObject({ status: 'active', version: 3 });
  });

  it('never reach another tenant', async () => {
    const { id } = await stage.createOne(newCustomer('Ann'));
    stage.freshTenant();
    await expect(update(id, { name: 'Mine' })).rejects.toThrow(CustomerNotFound);
    await expect(stage.run(() => stage.module.get(ArchiveCustomer).execute(id))).rejects.toThrow(CustomerNotFound);
  });
});

describe('lists', () => {
  it('find the demo customers by words, whatever case and accents', async () => {
    await stage.create(...demoCustomers());
    expect(await namesOf({ q: 'eloise' })).toEqual(['Éloïse Garnier']);
    expect(await namesOf({ q: 'SCHONE' })).toEqual(['Schöne Dinge GmbH']);
    expect(await namesOf({ q: 'c-000001' })).toEqual(['Harbour Gifts Ltd']);
    expect(await namesOf({ externalRef: 'demo-002' })).toEqual(['The Copper Kettle']);
    expect(await namesOf({ email: 'tom.achebe@customers.example' })).toEqual(['Tom Achebe']);
    expect((await list({ kind: 'person' })).items).toHaveLength(12);
    expect(await namesOf({ status: 'archived' })).toEqual([]);
  });

  it('page without skipping or repeating, though customers come in between', async () => {
    await stage.create(...Array.from({ length: 25 }, (_, index) => newCustomer(`Customer ${index}`)));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({}, 10, cursor);
      seen.push(...page.items.map(({ number }) => number));
      await stage.create(newCustomer('Newcomer'));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(countedTo(25).toReversed());
  });
});
