import { uuidv7 } from '#libs/kernel';
import { type Estate, estateOf } from '../support/estate.js';
import { ISOLATIONS } from '../support/isolations.js';
import { RawSql } from '../support/raw-sql.js';
import { RunningSystem } from '../support/running-system.js';
import { type Id, type PageOf, Trader } from '../support/trader.js';

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly security: readonly unknown[];
}
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}
interface Route {
  readonly method: string;
  readonly path: string;
  readonly isPublic: boolean;
  readonly filters: readonly string[];
}

/** SQLSTATE of a missing right, and of a row that a policy does not let in. */
const INSUFFICIENT_PRIVILEGE = '42501';

/** Routes of the landlord: of no tenant. */
const OF_OPERATORS = /^\/v1\/(landlord|operator)\//;

let system: RunningSystem;
let routes: Route[];
let ofOperators: Route[];
let victim: Estate;
let stranger: Estate;

beforeAll(async () => {
  system = await RunningSystem.start({ apis: 1, workers: 1 });
  const { paths } = (await (await fetch(`${system.nextApi()}/v1/openapi.json`)).json()) as OpenApi;
  const all = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { parameters = [], security }]) => ({
      method: method.toUpperCase(),
      path,
      isPublic: security.length === 0,
      filters: parameters.filter((parameter) => parameter.in === 'query').map((parameter) => parameter.name),
    })),
  );
  routes = all.filter(({ path }) => !OF_OPERATORS.test(path));
  ofOperators = all.filter(({ path, isPublic }) => OF_OPERATORS.test(path) && !isPublic);
});

afterAll(() => system?.stop());

describe.each(ISOLATIONS)('with tenants that are kept apart by %s', (isolation) => {
  beforeAll(async () => {
    const signUp = async () => estateOf(await Trader.signUp(system, isolation));
    [victim, stranger] = await Promise.all([signUp(), signUp()]);
  });

  /** The path with the estate's own id or slug. @throws for a resource that estates do not have: give them one */
  function pathIn({ path }: Route, estate: Estate): string {
    return path.replace('{slug}', estate.slug).replace(/([^/]+)\/\{id\}/, (_, segment: string) => {
      const id = estate.ids[segment];
      if (!id) throw new Error(`test/support/estate.ts makes nothing for ${path}`);
      return `${segment}/${id}`;
    });
  }

  const reads = () => routes.filter(({ method }) => method === 'GET');
  const readsOfOne = () => reads().filter(({ path }) => path.includes('{'));
  const lists = () => reads().filter(({ filters }) => filters.includes('limit') && !filters.includes('id'));
  const nameOf = ({ method, path }: Route) => `${method} ${path}`;

  /** Every id of the victim, and its canary. */
  const secrets = () => [victim.canary, victim.trader.id, ...Object.values(victim.ids)];
  const leaked = (text: string) => secrets().filter((secret) => text.includes(secret));

  it('shows its owner everything', async () => {
    const statuses = await Promise.all(
      reads().map(async (route) => [nameOf(route), (await victim.trader.send('GET', pathIn(route, victim))).status]),
    );
    expect(statuses.filter(([, status]) => status !== 200)).toEqual([]);
  });

  it('lets nobody of a tenant near the landlord’s routes', async () => {
    expect(ofOperators.length).toBeGreaterThan(5);
    const answers = await Promise.all(
      ofOperators.map(async ({ method, path }) => {
        const sending = method === 'GET' ? {} : { body: {} };
        const place = path.replace('{slug}', victim.trader.slug).replace('{plan}', 'standard');
        return (await stranger.trader.send(method, place, sending)).status;
      }),
    );
    expect(new Set(answers)).toEqual(new Set([401]));
  });

  it('answers 404 for whatever is another tenant’s, in the words for what nobody has', async () => {
    const missing: Estate = {
      ...victim,
      slug: 'nowhere',
      ids: Object.fromEntries(Object.keys(victim.ids).map((segment) => [segment, uuidv7()])),
    };
    const answers = await Promise.all(
      readsOfOne().map(async (route) => {
        const [theirs, nobodys] = await Promise.all([refusalOf(route, victim), refusalOf(route, missing)]);
        return { route: nameOf(route), theirs, nobodys };
      }),
    );
    expect(answers.length).toBeGreaterThan(15);
    expect(answers.filter(({ theirs }) => !theirs.startsWith('404 '))).toEqual([]);
    expect(answers.filter(({ theirs, nobodys }) => theirs !== nobodys)).toEqual([]);
  });

  /** What a stranger is told, without the id that was asked for. */
  async function refusalOf(route: Route, estate: Estate): Promise<string> {
    const { status, body } = await stranger.trader.send<object>('GET', pathIn(route, estate));
    const text = JSON.stringify({ ...body, correlationId: '' });
    return [estate.slug, ...Object.values(estate.ids)].reduce(
      (words, asked) => words.replaceAll(asked, 'ASKED'),
      `${status} ${text}`,
    );
  }

  it('lists nothing of another tenant’s, whatever the filters say', async () => {
    const filters: Record<string, string> = {
      categoryId: victim.ids['categories'] ?? '',
      parentId: victim.ids['categories'] ?? '',
      customerId: victim.ids['customers'] ?? '',
      documentId: victim.ids['stock-receipts'] ?? '',
      invoiceId: victim.ids['invoices'] ?? '',
      orderId: victim.ids['sales-orders'] ?? '',
      productId: victim.ids['products'] ?? '',
      sourceId: victim.ids['invoices'] ?? '',
      warehouseId: victim.ids['warehouses'] ?? '',
      q: 'Canary',
      sku: victim.canary,
    };
    const queries = lists()
      .filter(({ path }) => !path.includes('{id}'))
      .flatMap((route) => [
        `${route.path}?limit=200`,
        ...route.filters.flatMap((name) =>
          filters[name] ? [`${route.path}?${name}=${encodeURIComponent(filters[name])}`] : [],
        ),
      ]);
    expect(queries.length).toBeGreaterThan(25);
    const pages = await Promise.all(
      queries.map(async (query) => ({ query, page: await stranger.trader.get<PageOf<Id>>(query) })),
    );
    expect(pages.filter(({ page }) => leaked(JSON.stringify(page)).length > 0)).toEqual([]);
    const filtered = pages.filter(({ query }) => /Id=/.test(query));
    expect(filtered.filter(({ page }) => page.items.length > 0)).toEqual([]);
  });

  it('refuses a token of one tenant under the name of another, and no token at all', async () => {
    const refused = await Promise.all(
      reads()
        .filter(({ isPublic }) => !isPublic)
        .map(async (route) => {
          const path = pathIn(route, victim);
          const headers = { 'x-tenant': victim.trader.slug };
          const foreign = await stranger.trader.send('GET', path, { headers });
          const nobody = await stranger.trader.send('GET', path, { headers: { ...headers, authorization: '' } });
          return [nameOf(route), foreign.status, nobody.status];
        }),
    );
    expect(refused.filter(([, foreign, nobody]) => foreign !== 403 || nobody !== 401)).toEqual([]);
  });

  /** Bodies that the owner itself could send; the others need none. */
  const CHANGES: Readonly<Record<string, unknown>> = {
    'PATCH /v1/accounts/{id}': { name: 'Stolen' },
    'PATCH /v1/categories/{id}': { name: 'Stolen' },
    'PATCH /v1/customers/{id}': { name: 'Stolen' },
    'PATCH /v1/products/{id}': { name: 'Stolen' },
    'PATCH /v1/sales-orders/{id}': { note: 'Stolen' },
    'PATCH /v1/users/{id}': { name: 'Stolen' },
    'PATCH /v1/warehouses/{id}': { name: 'Stolen' },
    'PUT /v1/identity-providers/{id}': {
      slug: 'stolen',
      name: 'Stolen',
      issuer: 'https://8.8.8.8',
      clientId: 'stolen',
      linkByEmail: true,
      trustsSecondFactor: true,
      defaultRoleId: null,
      enabled: true,
    },
    'PUT /v1/roles/{id}': { name: 'stolen', permissions: [] },
    'POST /v1/payments/{id}/refunds': {},
    'POST /v1/sales-orders/{id}/cancellation': {},
    'POST /v1/sales-orders/{id}/payments': { method: 'pm_ok' },
    'POST /v1/sales-orders/{id}/shipments': {},
  };

  it('changes nothing of another tenant’s: by its id it is not there', async () => {
    const before = await snapshot();
    const changes = routes.filter(({ method, path }) => method !== 'GET' && path.includes('{id}'));
    const answers = await Promise.all(
      changes.map(async (route) => {
        const sending = { body: CHANGES[nameOf(route)] };
        const { status } = await stranger.trader.send(route.method, pathIn(route, victim), sending);
        return [nameOf(route), status];
      }),
    );
    expect(answers.length).toBeGreaterThan(14);
    expect(answers.filter(([, status]) => status !== 404)).toEqual([]);
    expect(await snapshot()).toEqual(before);
  });

  it('builds nothing on what is another tenant’s', async () => {
    const before = await snapshot();
    const mine = stranger.ids;
    const theirs = victim.ids;
    const line = (productId = mine['products']) => ({ productId, quantity: 1 });
    const receipt = (productId = mine['products']) => ({
      ...line(productId),
      unitCost: { amount: '1.00', currency: 'GBP' },
    });
    const order = { customerId: mine['customers'], warehouseId: mine['warehouses'], confirm: true, lines: [line()] };
    const money = { amount: '1.00', currency: 'GBP' };
    const product = { sku: 'X', name: 'X', price: money, taxCode: 'standard', taxRatePercent: '20' };
    const attempts: [string, unknown][] = [
      ['/v1/sales-orders', { ...order, customerId: theirs['customers'] }],
      ['/v1/sales-orders', { ...order, warehouseId: theirs['warehouses'] }],
      ['/v1/sales-orders', { ...order, lines: [line(theirs['products'])] }],
      ['/v1/stock-receipts', { warehouseId: theirs['warehouses'], lines: [receipt()] }],
      ['/v1/stock-receipts', { warehouseId: mine['warehouses'], lines: [receipt(theirs['products'])] }],
      [
        '/v1/stock-adjustments',
        { warehouseId: mine['warehouses'], lines: [{ ...line(theirs['products']), reason: 'x' }] },
      ],
      ['/v1/stock-adjustments', { warehouseId: theirs['warehouses'], lines: [{ ...line(), reason: 'x' }] }],
      [
        '/v1/credit-notes',
        {
          invoiceId: theirs['invoices'],
          reason: 'goodwill',
          lines: [{ invoiceLineId: theirs['invoices'], quantity: 1 }],
        },
      ],
      ['/v1/products', { ...product, categoryId: theirs['categories'] }],
      ['/v1/categories', { name: 'X', parentId: theirs['categories'] }],
      [
        '/v1/users',
        { email: 'x@example.test', name: 'X', password: 'correct horse battery staple', roleIds: [theirs['roles']] },
      ],
      [
        '/v1/journal-entries',
        {
          entryDate: '2026-01-31',
          description: 'X',
          lines: [
            { accountId: theirs['accounts'], debit: money },
            { accountId: mine['accounts'], credit: money },
          ],
        },
      ],
    ];
    const answers = await Promise.all(
      attempts.map(async ([path, body]) => {
        const answer = await stranger.trader.send<{ code: string }>('POST', path, { body });
        return { path, body, status: answer.status, code: answer.body.code, text: JSON.stringify(answer.body) };
      }),
    );
    expect(answers.filter(({ status }) => ![404, 409, 422].includes(status))).toEqual([]);
    expect(answers.filter(({ text }) => text.includes(victim.canary))).toEqual([]);
    expect(await snapshot()).toEqual(before);
  });

  describe('SQL as the application’s role, with nothing of ours before it', () => {
    let sql: RawSql;
    let tables: string[];

    beforeAll(async () => {
      sql = await RawSql.open(system.database, victim.trader.placement);
      tables = await sql.readableTables();
    });

    afterAll(() => sql?.close());

    /** A row of the victim's in each table that has one. */
    async function rowsOfVictim(): Promise<Map<string, object>> {
      const found = new Map<string, object>();
      for (const table of tables) {
        const statement = `select to_jsonb(t) as row from ${table} t where tenant_id = $1 limit 1`;
        const [first] = await victim.trader.rows<{ row: object }>(statement, [victim.trader.id]);
        if (first) found.set(table, first.row);
      }
      return found;
    }

    it('sees no row of any table without a tenant, nor with an empty one', async () => {
      expect(tables.length).toBeGreaterThan(35);
      const seen = [];
      for (const table of tables) {
        for (const tenant of [null, '']) seen.push(await sql.outcome(tenant, `select from ${table}`));
      }
      expect(new Set(seen)).toEqual(new Set([0]));
      const rows = await rowsOfVictim();
      // All others have rows of the victim that could have been seen.
      const { schema } = victim.trader.placement;
      expect(tables.filter((table) => !rows.has(table)).map((table) => table.replace(`${schema}.`, ''))).toEqual([
        'platform.tenant_gate',
        'access_change',
        'fence',
        'imported_document',
        'imported_line',
        'oidc_authorization',
        'recovery_code',
        'second_factor',
        'second_factor_use',
        'sign_in_attempt',
      ]);
    });

    it('sees nothing of another tenant, and neither removes, changes nor adds it', async () => {
      const me = stranger.trader.id;
      const outcomes = [];
      for (const [table, row] of await rowsOfVictim()) {
        const columns = await sql.columnsOf(table);
        const insert = `insert into ${table} (${columns}) select ${columns} from jsonb_populate_record(null::${table}, $1)`;
        outcomes.push({
          table,
          seen: await sql.outcome(me, `select from ${table} where tenant_id <> $1`, [me]),
          removed: await sql.outcome(me, `delete from ${table} where tenant_id <> $1`, [me]),
          changed: await sql.outcome(me, `update ${table} set tenant_id = $1 where tenant_id <> $1`, [me]),
          added: await sql.outcome(me, insert, [row]),
        });
      }
      const nothing: unknown[] = [0, INSUFFICIENT_PRIVILEGE];
      const broken = outcomes.filter(({ seen, removed, changed, added }) => {
        return (
          seen !== 0 || !nothing.includes(removed) || !nothing.includes(changed) || added !== INSUFFICIENT_PRIVILEGE
        );
      });
      expect(broken).toEqual([]);
    });
  });

  /** All that the victim's own lists show. */
  async function snapshot(): Promise<unknown[]> {
    const pages = lists().map((route) => victim.trader.get(`${pathIn(route, victim)}?limit=200`));
    return Promise.all([...pages, victim.trader.get('/v1/company'), victim.trader.get('/v1/trial-balance')]);
  }
});
