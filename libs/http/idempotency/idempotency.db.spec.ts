import { createHash, randomUUID } from 'node:crypto';
import type { TenantIdentity } from '#libs/context';
import { createTestDatabase, registerTenant, type TestDatabase, testTenant } from '#libs/testing';
import { type Caller, type TenantApi, tenantApi } from '../testing/index.js';
import { DeedsModule, deedsSchema, Doer } from './testing/deeds.js';

let database: TestDatabase;
let api: TenantApi;
let tenant: TenantIdentity;
let ann: Caller;

beforeAll(async () => {
  database = await createTestDatabase([deedsSchema]);
  api = await tenantApi(database, { imports: [DeedsModule] });
});

afterAll(async () => {
  await api.stop();
  await database.drop();
});

beforeEach(async () => {
  tenant = testTenant(database);
  await registerTenant(database, tenant);
  ann = await api.signIn(tenant, []);
  api.app.get(Doer).attempts = 0;
});

const deeds = async (of = tenant) =>
  (await database.asSuperuser<{ what: string }>('select what from deed where tenant_id = $1 order by id', [of.id])).map(
    ({ what }) => what,
  );
const kept = async () =>
  database.asSuperuser<Record<string, unknown>>('select * from platform.idempotency_key where tenant_id = $1', [
    tenant.id,
  ]);

/** Sends it and gives what went over the wire. */
async function send(who: Caller, route: string, key: string | undefined, body?: unknown, more: object = {}) {
  const headers = { ...(key !== undefined && { 'idempotency-key': key }), ...more };
  const answer = await who.raw(route, { headers, ...(body !== undefined && { body }) });
  const { status } = answer;
  const code = status >= 400 ? (JSON.parse(answer.text) as { code: string }).code : undefined;
  const replayed = answer.headers.get('idempotency-replayed');
  return { status, code, replayed, text: answer.text, headers: answer.headers };
}

describe('a request with a key', () => {
  it.each([
    ['a document', 'POST /v1/deeds', 201, { what: 'once' }],
    ['nothing', `DELETE /v1/deeds/${randomUUID()}`, 204, undefined],
    ['a text', 'POST /v1/deeds/text', 200, undefined],
    ['a document although nothing was written', 'POST /v1/deeds/nothing', 202, undefined],
  ])('is answered with %s, and a repetition with the same bytes and no effect', async (_, route, status, body) => {
    const key = randomUUID();
    const first = await send(ann, route, key, body);
    const second = await send(ann, route, key, body);
    expect([first.status, first.replayed]).toEqual([status, null]);
    expect([second.status, second.replayed]).toEqual([status, 'true']);
    expect(second.text).toBe(first.text);
    for (const name of ['content-type', 'location', 'etag', 'content-length']) {
      expect([name, second.headers.get(name)]).toEqual([name, first.headers.get(name)]);
    }
    expect(await deeds()).toHaveLength(route.includes('nothing') ? 0 : 1);
    expect(await kept()).toHaveLength(1);
  });

  it('is the same one with its fields in another order, and with the key in quotes', async () => {
    const key = randomUUID();
    const first = await send(ann, 'POST /v1/deeds', key, { what: 'once', and: 'more' });
    const second = await send(ann, 'POST /v1/deeds', `"${key}"`, { and: 'more', what: 'once' });
    expect([second.status, second.replayed, second.text]).toEqual([201, 'true', first.text]);
  });

  it.each([
    ['another body', 'POST /v1/deeds', { what: 'other' }, {}],
    ['another query', 'POST /v1/deeds?dry=1', { what: 'once' }, {}],
    ['another version that it wants to change', 'POST /v1/deeds', { what: 'once' }, { 'if-match': '"3"' }],
  ])('is refused with %s', async (_, route, body, headers) => {
    const key = randomUUID();
    await send(ann, 'POST /v1/deeds', key, { what: 'once' });
    expect(await send(ann, route, key, body, headers)).toMatchObject({ status: 422, code: 'idempotency.key_reused' });
    expect(await deeds()).toEqual(['once']);
  });

  it('is refused for another thing of the same route', async () => {
    const key = randomUUID();
    await send(ann, `PATCH /v1/deeds/${randomUUID()}`, key, { what: 'once' });
    const other = await send(ann, `PATCH /v1/deeds/${randomUUID()}`, key, { what: 'once' });
    expect([other.status, other.code]).toEqual([422, 'idempotency.key_reused']);
  });

  it('is another one on another route, of another principal and of another tenant', async () => {
    const key = randomUUID();
    const stranger = testTenant(database);
    await registerTenant(database, stranger);
    const [bob, cy] = [await api.signIn(tenant, []), await api.signIn(stranger, [])];
    const answers = [
      await send(ann, 'POST /v1/deeds', key, { what: 'ann’s' }),
      await send(ann, 'POST /v1/deeds/text', key),
      await send(bob, 'POST /v1/deeds', key, { what: 'bob’s' }),
      await send(cy, 'POST /v1/deeds', key, { what: 'cy’s' }),
    ];
    expect(answers.map(({ status, replayed }) => [status, replayed])).toEqual([
      [201, null],
      [200, null],
      [201, null],
      [201, null],
    ]);
    expect([await deeds(), await deeds(stranger)]).toEqual([['ann’s', 'text', 'bob’s'], ['cy’s']]);
  });

  it('may be tried again with the same key after it was refused: nothing was done and nothing is kept', async () => {
    const key = randomUUID();
    const refused = await send(ann, 'POST /v1/deeds', key, { what: 'refused' });
    expect([refused.status, refused.headers.get('location'), refused.headers.get('etag')]).toEqual([422, null, null]);
    expect(await send(ann, 'POST /v1/deeds', key, { whit: 'typo' })).toMatchObject({ code: 'request.invalid' });
    expect(await send(ann, 'POST /v1/deeds', key, { what: 'unspeakable' })).toMatchObject({ status: 500 });
    expect([await deeds(), await kept()]).toEqual([[], []]);
    expect(await send(ann, 'POST /v1/deeds', key, { what: 'better' })).toMatchObject({ status: 201, replayed: null });
    expect(await deeds()).toEqual(['better']);
  });

  it('is told to come back while the first is under way, and then gets its answer', async () => {
    const key = randomUUID();
    const first = send(ann, 'POST /v1/deeds', key, { what: 'slow' });
    await untilLocked();
    const early = await send(ann, 'POST /v1/deeds', key, { what: 'slow' });
    expect([early.status, early.code]).toEqual([409, 'idempotency.in_progress']);
    expect(early.headers.get('retry-after')).toBe('1');
    const late = await first.then(() => send(ann, 'POST /v1/deeds', key, { what: 'slow' }));
    expect([late.replayed, late.text]).toEqual(['true', (await first).text]);
    expect(await deeds()).toEqual(['slow']);
  });

  it('is done again as a whole after a serialization failure', async () => {
    const answer = await send(ann, 'POST /v1/deeds', randomUUID(), { what: 'collides' });
    expect([answer.status, api.app.get(Doer).attempts]).toEqual([201, 2]);
    expect([await deeds(), (await kept()).length]).toEqual([['collides'], 1]);
  });

  it.each(['', ' ', 'ä', 'a b', 'a,b', '"a', 'x'.repeat(256), '""'])('is refused with %j for a key', async (key) => {
    const answer = await send(ann, 'POST /v1/deeds', key, { what: 'x' });
    expect([answer.status, answer.code]).toEqual([400, 'idempotency.key_invalid']);
  });

  it('may have a key of 255 characters, in quotes too', async () => {
    const key = '~'.repeat(255);
    expect(await send(ann, 'POST /v1/deeds', key, { what: 'x' })).toMatchObject({ status: 201 });
    expect(await send(ann, 'POST /v1/deeds', `"${key}"`, { what: 'x' })).toMatchObject({ replayed: 'true' });
  });

  it('keeps no answer that holds a secret, and says where to look', async () => {
    const key = randomUUID();
    const first = await send(ann, 'POST /v1/deeds/secret', key);
    expect([first.status, first.headers.get('set-cookie')]).toEqual([201, 'session=hush']);
    const second = await send(ann, 'POST /v1/deeds/secret', key);
    expect([second.status, second.code]).toEqual([409, 'idempotency.answer_not_kept']);
    expect(JSON.parse(second.text)).toMatchObject({
      details: { status: 201, location: first.headers.get('location') },
    });
    expect(JSON.stringify(await kept())).not.toContain('hush');
    expect(await deeds()).toEqual(['secret']);
  });
});

describe('what is kept', () => {
  it('is kept for 24 hours at least, and holds neither the body of the request nor a hash that anybody could make', async () => {
    await send(ann, 'POST /v1/deeds', randomUUID(), { what: 'correct horse', and: 'battery staple' });
    const [row] = await database.asSuperuser<{ hours: number; hash: string; row: string }>(
      `select extract(epoch from expires_at - clock_timestamp()) / 3600 as hours, body_hash as hash,
         (to_jsonb(k) - 'response_body')::text as row
       from platform.idempotency_key k where tenant_id = $1`,
      [tenant.id],
    );
    expect(Number(row?.hours)).toBeGreaterThan(24);
    expect(row?.row).not.toContain('horse');
    const plain = createHash('sha256')
      .update('/v1/deeds\n\n{"and":"battery staple","what":"correct horse"}')
      .digest('hex');
    expect(row?.hash).toMatch(/^[\w-]+\.[0-9a-f]{64}$/);
    expect(row?.hash).not.toContain(plain);
  });

  it('is bounded: a very large answer is sent once, and a repetition is told that it was', async () => {
    const key = randomUUID();
    const first = await send(ann, 'POST /v1/deeds', key, { what: 'vast' });
    expect([first.status, first.text.length > 4_000_000]).toEqual([201, true]);
    const second = await send(ann, 'POST /v1/deeds', key, { what: 'vast' });
    expect([second.status, second.code]).toEqual([409, 'idempotency.answer_not_kept']);
    const [{ response_body: body, response_kept: isKept } = {}] = await kept();
    expect([body, isKept, await deeds()]).toEqual([null, false, ['vast']]);
  });
});

describe('a request without a key', () => {
  it('is told to bring one where money or goods move', async () => {
    const answer = await send(ann, 'POST /v1/deeds/payment', undefined);
    expect([answer.status, answer.code, JSON.parse(answer.text).detail]).toEqual([
      400,
      'idempotency.key_required',
      expect.stringContaining('a new UUID for each thing'),
    ]);
    expect(await send(ann, 'POST /v1/deeds/payment', randomUUID())).toMatchObject({ status: 201 });
    expect(await deeds()).toEqual(['payment']);
  });

  it('is carried out as a whole or not at all, once for each time', async () => {
    await send(ann, 'POST /v1/deeds', undefined, { what: 'refused' });
    await send(ann, 'POST /v1/deeds', undefined, { what: 'twice' });
    await send(ann, 'POST /v1/deeds', undefined, { what: 'twice' });
    expect([await deeds(), await kept()]).toEqual([['twice', 'twice'], []]);
  });

  it('cannot be answered with a stream, which could be neither kept nor taken back', async () => {
    expect(await send(ann, 'POST /v1/deeds/stream', undefined)).toMatchObject({ status: 500, code: 'internal' });
    expect(await deeds()).toEqual([]);
  });
});

it('does not look at keys of requests that change nothing', async () => {
  const [first, second] = [await send(ann, 'GET /v1/deeds', 'k'), await send(ann, 'GET /v1/deeds', 'k')];
  expect([first.status, second.status, first.text === second.text]).toEqual([200, 200, false]);
});

it('leaves routes their own units of work that ask for them, and checks the form of their keys', async () => {
  const key = randomUUID();
  const [first, second] = [await send(ann, 'POST /v1/deeds/own', key), await send(ann, 'POST /v1/deeds/own', key)];
  expect([first.status, second.status, second.replayed]).toEqual([200, 200, null]);
  expect((await deeds()).length).toBe(4);
  expect(await send(ann, 'POST /v1/deeds/own', 'a b')).toMatchObject({ code: 'idempotency.key_invalid' });
});

/** Until somebody holds a lock of a key. */
async function untilLocked(): Promise<void> {
  const held = `select from pg_locks where locktype = 'advisory' and granted
    and database = (select oid from pg_database where datname = current_database())`;
  while ((await database.asSuperuser(held)).length === 0);
}
