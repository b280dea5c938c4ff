import { type DynamicModule, Injectable, Module, type ModuleMetadata } from '@nestjs/common';
import { type AccessClaims, AccessTokens, SessionVerifier } from '#libs/auth';
import { CacheModule, type CacheOptions } from '#libs/cache';
import { ContextModule, type Principal, type TenantIdentity } from '#libs/context';
import { DatabaseModule } from '#libs/database';
import { EventsModule } from '#libs/events';
import { RequestGuards, RequestUnitsOfWork } from '#libs/http';
import { uuidv7 } from '#libs/kernel';
import { NumberingModule } from '#libs/numbering';
import { TenancyModule, TenantDirectory } from '#libs/tenancy';
import type { TestDatabase } from '#libs/testing';
import { testServer, type TestServer } from './test-server.js';

/** Sessions whose permissions the spec chose when it signed somebody in. */
@Injectable()
class ChosenSessions extends SessionVerifier {
  readonly permissions = new Map<string, readonly string[]>();

  override async verify({ userId, sessionId }: AccessClaims): Promise<Principal> {
    return { kind: 'user', id: userId, sessionId, permissions: new Set(this.permissions.get(sessionId)) };
  }
}

@Module({ providers: [ChosenSessions], exports: [ChosenSessions] })
class ChosenSessionsModule {}

@Module({})
class TenantApiModule {}

function rootOf(
  database: TestDatabase,
  { imports = [], providers = [] }: ModuleMetadata,
  cache: CacheOptions,
): DynamicModule {
  return {
    module: TenantApiModule,
    imports: [
      ContextModule,
      DatabaseModule.forRoot(database.options),
      TenancyModule,
      EventsModule.forRoot(),
      CacheModule.forRoot(cache),
      NumberingModule,
      RequestGuards.forRoot({ tenants: TenantDirectory, sessions: ChosenSessions, imports: [ChosenSessionsModule] }),
      RequestUnitsOfWork,
      ...imports,
    ],
    providers,
  };
}

/** What a request may carry. */
export interface TestRequest {
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What came back. `body` is null when there is none. */
export interface TestAnswer<B> {
  readonly status: number;
  readonly etag: string | null;
  readonly headers: Headers;
  readonly body: B;
}

/** What came over the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Sends `'GET /v1/products'` as somebody. */
export interface Caller {
  <B = Record<string, unknown>>(route: string, request?: TestRequest): Promise<TestAnswer<B>>;
  /** The same, and nothing is read into the answer. */
  raw(route: string, request?: TestRequest): Promise<RawAnswer>;
}

/** Routes of a capability behind the real guards, on a test database. Stop it before dropping the database. */
export interface TenantApi extends TestServer {
  /** Somebody of the tenant with these permissions. Register the tenant with `registerTenant` first. */
  signIn(tenant: TenantIdentity, permissions: readonly string[], userId?: string): Promise<Caller>;
  /** Nobody in particular, who names the tenant in a header. */
  visitor(tenant: TenantIdentity): Caller;
}

/**
 * Serves the modules' routes as the API does, with sessions whose permissions the spec chooses.
 * @param cache without a URL, nothing is cached
 * @param env variables that differ from those of all tests
 */
export async function tenantApi(
  database: TestDatabase,
  metadata: ModuleMetadata,
  cache: CacheOptions = {},
  env: Readonly<Record<string, string>> = {},
): Promise<TenantApi> {
  const server = await testServer(rootOf(database, metadata, cache), { env });
  const sessions = server.app.get(ChosenSessions);
  return {
    ...server,
    signIn: async (tenant, permissions, userId = uuidv7()) => {
      const sessionId = uuidv7();
      sessions.permissions.set(sessionId, permissions);
      const claims = { userId, tenantId: tenant.id, tenantSlug: tenant.slug, sessionId };
      const { token } = await server.app.get(AccessTokens).issue(claims);
      return callerWith(server.url, { authorization: `Bearer ${token}` });
    },
    visitor: (tenant) => callerWith(server.url, { 'x-tenant': tenant.slug }),
  };
}

function callerWith(url: string, identity: Readonly<Record<string, string>>): Caller {
  const raw = async (route: string, { body, headers = {} }: TestRequest = {}): Promise<RawAnswer> => {
    const [method = '', path = ''] = route.split(' ');
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...identity, ...json, ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const call = async <B>(route: string, request?: TestRequest): Promise<TestAnswer<B>> => {
    const { status, headers, text } = await raw(route, request);
    return { status, headers, etag: headers.get('etag'), body: (text === '' ? null : JSON.parse(text)) as B };
  };
  return Object.assign(call, { raw });
}
