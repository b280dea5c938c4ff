import { randomUUID } from 'node:crypto';
import { Controller, Get, Global, Injectable, Module, Post } from '@nestjs/common';
import { type AccessClaims, AccessTokens, SessionVerifier, TenantLookup } from '#libs/auth';
import type { Principal, TenantIdentity } from '#libs/context';
import { TenantUnknown } from '#libs/tenancy';
import { testStack } from '#libs/testing';
import { LoginLimit, Public, RequiresPermission, SearchLimit, Unlimited, WithoutTenant } from '../index.js';
import { testServer, type TestServer } from '../testing/index.js';
import { RequestGuards } from './request-guards.module.js';

function tenant(slug: string): TenantIdentity {
  const placement = { model: 'shared', cluster: 'default', database: 'quoin_tenants', schema: 'public' } as const;
  return {
    id: randomUUID(),
    slug,
    name: slug,
    currency: 'GBP',
    timeZone: 'Europe/London',
    status: 'active',
    placement,
  };
}

const [ACME, FLOOD] = [tenant('acme'), tenant('flood')];

@Injectable()
class Tenants extends TenantLookup {
  override async bySlug(slug: string): Promise<TenantIdentity> {
    const found = [ACME, FLOOD].find((each) => each.slug === slug);
    if (!found) throw new TenantUnknown();
    return found;
  }

  override async byId(id: string): Promise<TenantIdentity> {
    return id === FLOOD.id ? FLOOD : ACME;
  }

  override async byDomain(): Promise<TenantIdentity> {
    throw new TenantUnknown();
  }
}

@Injectable()
class Sessions extends SessionVerifier {
  override async verify({ userId }: AccessClaims): Promise<Principal> {
    return { kind: 'user', id: userId, permissions: new Set(['thing.read']) };
  }
}

@Global()
@Module({ providers: [Tenants, Sessions], exports: [Tenants, Sessions] })
class Fakes {}

// Anonymous callers of no tenant share a key with other specs on this Redis: paths of this run alone.
const run = randomUUID();

@Controller({ path: `limited-${run}`, version: '1' })
class LimitedController {
  @Get('read')
  @RequiresPermission('thing.read')
  read(): unknown {
    return {};
  }

  @Get('items/:id')
  @RequiresPermission('thing.read')
  item(): unknown {
    return {};
  }

  @Get('things')
  @RequiresPermission('thing.read')
  @SearchLimit('q')
  things(): unknown {
    return {};
  }

  @Get('login')
  @Public()
  look(): unknown {
    return {};
  }

  @Post('login')
  @Public()
  @LoginLimit()
  login(): unknown {
    return {};
  }

  @Get('probe')
  @Public()
  @WithoutTenant()
  @Unlimited()
  probe(): unknown {
    return {};
  }
}

@Module({
  imports: [Fakes, RequestGuards.forRoot({ tenants: Tenants, sessions: Sessions })],
  controllers: [LimitedController],
})
class LimitedModule {}

let server: TestServer;

beforeAll(async () => {
  const env = {
    REDIS_SESSION_URL: testStack().redis.sessions,
    API_RATE_LIMIT: '5',
    API_TENANT_RATE_LIMIT: '60',
    API_LOGIN_RATE_LIMIT: '2',
    API_SEARCH_RATE_LIMIT: '3',
  };
  server = await testServer(LimitedModule, { env });
});

afterAll(() => server.stop());

async function user(of = ACME): Promise<Record<string, string>> {
  const claims = { userId: randomUUID(), tenantId: of.id, tenantSlug: of.slug, sessionId: randomUUID() };
  const { token } = await server.app.get(AccessTokens).issue(claims);
  return { authorization: `Bearer ${token}` };
}

function call(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> {
  return fetch(`${server.url}/v1/limited-${run}/${path}`, { headers, method });
}

async function statuses(count: number, ask: (index: number) => Promise<Response>): Promise<number[]> {
  const answers = [];
  for (let index = 0; index < count; index += 1) answers.push((await ask(index)).status);
  return answers;
}

describe('the limit of a route', () => {
  it('counts down in the headers and ends in 429 with Retry-After', async () => {
    const headers = await user();
    const first = await call('read', headers);
    expect(first.headers.get('x-ratelimit-limit')).toBe('5');
    expect(first.headers.get('x-ratelimit-remaining')).toBe('4');
    const reset = Number(first.headers.get('x-ratelimit-reset')) - Date.now() / 1_000;
    expect(reset).toBeGreaterThan(55);
    expect(reset).toBeLessThan(63);

    expect(await statuses(5, () => call('read', headers))).toEqual([200, 200, 200, 200, 429]);
    const refused = await call('read', headers);
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(await refused.json()).toMatchObject({ code: 'rate_limit.exceeded', status: 429, details: { limit: 5 } });
  });

  it('is each user’s own, and each route’s', async () => {
    const [ann, bob] = [await user(), await user()];
    await statuses(6, () => call('read', ann));
    expect((await call('read', ann)).status).toBe(429);
    expect((await call('items/1', ann)).status).toBe(200);
    expect((await call('read', bob)).status).toBe(200);
  });

  it('is of the route, not of the address: other ids do not help', async () => {
    const headers = await user();
    expect(await statuses(6, (index) => call(`items/${index}`, headers))).toEqual([200, 200, 200, 200, 200, 429]);
  });

  it('is stricter for sign-in, by address, whatever token comes along', async () => {
    const tenant = { 'x-tenant': 'acme' };
    const answers = await statuses(3, async () => call('login', { ...tenant, ...(await user()) }, 'POST'));
    expect(answers).toEqual([201, 201, 429]);
    expect((await call('login', tenant, 'GET')).status).toBe(200);
  });

  it('holds for requests that are refused anyway: bad tokens and unknown tenants', async () => {
    const bad = { authorization: 'Bearer nonsense' };
    expect(await statuses(6, () => call('read', bad))).toEqual([401, 401, 401, 401, 401, 429]);
    const unknown = (index: number): Promise<Response> => call('items/1', { 'x-tenant': `nobody-${index}` });
    expect(await statuses(6, unknown)).toEqual([404, 404, 404, 404, 404, 429]);
  });

  it('is stricter for searches, which are told of the limit that is tightest', async () => {
    const headers = await user();
    const look = (path: string): Promise<Response> => call(path, headers);
    expect(await statuses(1, () => look('things'))).toEqual([200]);
    const first = await look('things?q=a');
    expect([first.headers.get('x-ratelimit-limit'), first.headers.get('x-ratelimit-remaining')]).toEqual(['3', '2']);
    expect(await statuses(3, () => look('things?q=b'))).toEqual([200, 200, 429]);
    const refused = (await (await look('things?q=c')).json()) as { details: unknown };
    expect(refused.details).toMatchObject({ name: 'search', limit: 3 });
    // Four were counted on the route; what the search refused was not.
    const last = await look('things');
    expect([last.status, last.headers.get('x-ratelimit-remaining')]).toEqual([200, '0']);
    expect((await look('things')).status).toBe(429);
  });

  it('does not hold for probes', async () => {
    expect(new Set(await statuses(10, () => call('probe')))).toEqual(new Set([200]));
  });
});

describe('the limit of a whole tenant', () => {
  it('ends what many users of many routes ask together, and leaves other tenants alone', async () => {
    const many = await Promise.all(Array.from({ length: 13 }, () => user(FLOOD)));
    const answers = await Promise.all(many.flatMap((each) => Array.from({ length: 5 }, () => call('read', each))));
    const counts = Map.groupBy(answers, (each) => each.status);
    expect([counts.get(200)?.length, counts.get(429)?.length]).toEqual([60, 5]);
    const refused = await call('items/1', await user(FLOOD));
    expect(await refused.json()).toMatchObject({ status: 429, details: { name: 'tenant', limit: 60 } });
    expect(refused.headers.get('x-ratelimit-limit')).toBe('60');
    expect((await call('read', await user(ACME))).status).toBe(200);
  });
});
