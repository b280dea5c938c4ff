import { Controller, Get, Global, Injectable, Module } from '@nestjs/common';
import { type AccessClaims, AccessTokens, InvalidToken, SessionVerifier, TenantLookup } from '#libs/auth';
import { currentContext, type Principal, type TenantIdentity } from '#libs/context';
import { TenantUnknown } from '#libs/tenancy';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:http';
import { Public, RequiresPermission, SignedIn, WithoutTenant } from '../index.js';
import { testServer, type TestServer } from '../testing/index.js';
import { RequestGuards } from './request-guards.module.js';

function tenant(index: number, slug: string, status: TenantIdentity['status'] = 'active'): TenantIdentity {
  const placement = { model: 'shared', cluster: 'default', database: 'quoin_tenants', schema: 'public' } as const;
  const id = `0190f3a0-0000-7000-8000-00000000000${index}`;
  return { id, slug, name: slug, currency: 'GBP', timeZone: 'Europe/London', status, placement };
}

const ACME = tenant(1, 'acme');
const BOLT = tenant(2, 'bolt');
const USER = '0190f3a0-0000-7000-8000-0000000000aa';
const REVOKED = '0190f3a0-0000-7000-8000-0000000000bb';
const SESSION = '0190f3a0-0000-7000-8000-0000000000cc';

@Injectable()
class Tenants extends TenantLookup {
  private readonly all = [ACME, BOLT, tenant(3, 'asleep', 'suspended'), tenant(4, 'coming', 'provisioning')];
  readonly asked: string[] = [];

  override async bySlug(slug: string): Promise<TenantIdentity> {
    return this.found((each) => each.slug === slug, slug);
  }

  override async byId(id: string): Promise<TenantIdentity> {
    return this.found((each) => each.id === id, id);
  }

  override async byDomain(domain: string): Promise<TenantIdentity> {
    return this.found((each) => domain === `shop.${each.slug}.example`, domain);
  }

  private found(matches: (each: TenantIdentity) => boolean, asked: string): TenantIdentity {
    this.asked.push(asked);
    const match = this.all.find(matches);
    if (!match) throw new TenantUnknown();
    return match;
  }
}

@Injectable()
class Sessions extends SessionVerifier {
  override async verify(claims: AccessClaims): Promise<Principal> {
    if (claims.sessionId === REVOKED) throw new InvalidToken();
    return { kind: 'user', id: claims.userId, permissions: new Set(['thing.read']) };
  }
}

@Global()
@Module({ providers: [Tenants, Sessions], exports: [Tenants, Sessions] })
class Fakes {}

function seen(): unknown {
  return { tenant: currentContext()?.tenant?.slug, principal: currentContext()?.principal?.id };
}

@Controller({ path: 'probe', version: '1' })
class ProbeController {
  @Get('public')
  @Public()
  open(): unknown {
    return seen();
  }

  @Get('landlord')
  @Public()
  @WithoutTenant()
  landlord(): unknown {
    return seen();
  }

  @Get('mine')
  @SignedIn()
  mine(): unknown {
    return seen();
  }

  @Get('read')
  @RequiresPermission('thing.read')
  read(): unknown {
    return seen();
  }

  @Get('write')
  @RequiresPermission('thing.read', 'thing.write')
  write(): unknown {
    return seen();
  }
}

@Module({
  imports: [Fakes, RequestGuards.forRoot({ tenants: Tenants, sessions: Sessions })],
  controllers: [ProbeController],
})
class ProbeModule {}

let server: TestServer;
let acmeToken: string;
let revokedToken: string;

beforeAll(async () => {
  server = await testServer(ProbeModule, { env: { TENANT_BASE_DOMAIN: 'quoin.test' } });
  const tokens = server.app.get(AccessTokens);
  const claims = { userId: USER, tenantId: ACME.id, tenantSlug: 'acme', sessionId: SESSION };
  ({ token: acmeToken } = await tokens.issue(claims));
  ({ token: revokedToken } = await tokens.issue({ ...claims, sessionId: REVOKED }));
});

afterAll(() => server.stop());

function call(route: string, headers: Record<string, string> = {}): Promise<[number, Record<string, unknown>]> {
  return new Promise((resolve, reject) => {
    // fetch would not let us choose the host.
    get(`${server.url}/v1/probe/${route}`, { headers }, (response: IncomingMessage) => {
      let body = '';
      response.on('data', (chunk) => (body += String(chunk)));
      response.on('end', () => resolve([response.statusCode ?? 0, JSON.parse(body) as Record<string, unknown>]));
    }).on('error', reject);
  });
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

describe('the tenant of a request', () => {
  it.each([
    ['the header', { 'x-tenant': 'acme' }],
    ['the header in capitals', { 'x-tenant': 'ACME' }],
    ['the subdomain', { host: 'acme.quoin.test:3000' }],
    ['a domain of its own', { host: 'shop.acme.example' }],
    ['header and host together', { host: 'acme.quoin.test', 'x-tenant': 'acme' }],
    ['a host that is nobody’s, and the header', { host: 'api.internal.example', 'x-tenant': 'acme' }],
  ])('comes from %s', async (_name, headers) => {
    expect(await call('public', headers)).toEqual([200, { tenant: 'acme' }]);
  });

  it('comes from the token', async () => {
    expect(await call('mine', bearer(acmeToken))).toEqual([200, { tenant: 'acme', principal: USER }]);
  });

  it.each([
    ['unknown by header', { 'x-tenant': 'nobody' }, 404, 'tenant.unknown'],
    ['unknown by host', { host: 'nobody.quoin.test' }, 404, 'tenant.unknown'],
    ['below a subdomain', { host: 'x.acme.quoin.test' }, 404, 'tenant.unknown'],
    ['not a name at all', { 'x-tenant': "acme' or 1=1" }, 404, 'tenant.unknown'],
    ['not signed up wholly', { 'x-tenant': 'coming' }, 404, 'tenant.unknown'],
    ['suspended', { 'x-tenant': 'asleep' }, 403, 'tenant.suspended'],
    ['two by header and host', { host: 'acme.quoin.test', 'x-tenant': 'bolt' }, 403, 'tenant.mismatch'],
    ['named by nothing', {}, 400, 'tenant.required'],
  ])('%s is refused', async (_name, headers, status, code) => {
    expect(await call('public', headers)).toMatchObject([status, { code }]);
  });

  it('must be the token’s, by header and by host', async () => {
    const others: Record<string, string>[] = [
      { 'x-tenant': 'bolt' },
      { host: 'bolt.quoin.test' },
      { host: 'shop.bolt.example' },
    ];
    for (const other of others) {
      expect(await call('mine', { ...bearer(acmeToken), ...other })).toMatchObject([403, { code: 'tenant.mismatch' }]);
    }
  });

  it('is not looked for where a route works without', async () => {
    expect(await call('landlord', { 'x-tenant': 'nobody' })).toEqual([200, {}]);
  });

  it('is not asked for a foreign host with every request', async () => {
    const { asked } = server.app.get(Tenants);
    for (let round = 0; round < 3; round += 1) await call('public', { host: 'foreign.example', 'x-tenant': 'acme' });
    expect(asked.filter((each) => each === 'foreign.example')).toHaveLength(1);
  });
});

describe('the caller', () => {
  it.each([
    ['no token', {}, 'auth.required'],
    ['no token, but a tenant', { 'x-tenant': 'acme' }, 'auth.required'],
    ['a token that is none', { authorization: 'Bearer nonsense' }, 'auth.invalid_token'],
    ['another scheme', { authorization: 'Basic YTpi', 'x-tenant': 'acme' }, 'auth.invalid_token'],
  ])('with %s is refused with 401', async (_name, headers, code) => {
    expect(await call('read', headers)).toMatchObject([401, { code }]);
  });

  it('with an ended session is refused, though the token is genuine', async () => {
    expect(await call('read', bearer(revokedToken))).toMatchObject([401, { code: 'auth.invalid_token' }]);
  });

  it('needs every permission that the route names', async () => {
    expect(await call('read', bearer(acmeToken))).toMatchObject([200, { principal: USER }]);
    expect(await call('write', bearer(acmeToken))).toMatchObject([
      403,
      { code: 'auth.forbidden', details: { missing: ['thing.write'] } },
    ]);
  });
});
