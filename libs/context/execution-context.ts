import { AsyncLocalStorage } from 'node:async_hooks';
import { DomainError } from '#libs/kernel';

/** Where a tenant's data live. Resolved once per request; business code never looks inside (requirement A5). */
export interface Placement {
  readonly model: 'shared' | 'schema' | 'database';
  readonly cluster: string;
  readonly database: string;
  readonly schema: string;
}

/** What every layer may know about the tenant it works for. */
export interface TenantIdentity {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  /** ISO 4217; all documents of the tenant are kept in it. */
  readonly currency: string;
  /** IANA zone: business dates and numbering years are local dates of it. */
  readonly timeZone: string;
  readonly status: 'provisioning' | 'active' | 'suspended';
  readonly placement: Placement;
}

/** Who acts. `system` is Quoin itself: consumers, sweepers, the operator's command line. */
export interface Principal {
  readonly kind: 'user' | 'operator' | 'system';
  readonly id: string;
  readonly sessionId?: string;
  /** Set when the user acts by an API key: then with its permissions, and without a session. */
  readonly apiKeyId?: string;
  readonly email?: string;
  readonly permissions: ReadonlySet<string>;
}

/**
 * What travels with a request or a job through all layers. One mutable object per request: the HTTP guards fill in
 * the tenant and the principal as they become known.
 */
export interface ExecutionContext {
  correlationId: string;
  tenant?: TenantIdentity;
  principal?: Principal;
  /** Owned by libs/database: the open unit of work, if any. */
  unitOfWork?: object;
  /** Owned by libs/database: how fresh reads must be, and whether replicas may serve them. */
  consistency?: object;
  /** Owned by libs/events: events are collected here and settled by their caller (`Outbox.settleInline`). */
  settledEvents?: object[];
  /** Overrides the clock: imports book documents at the time of their source. */
  now?: Date;
}

/** No tenant was resolved where one is needed: nothing of a tenant is reachable without it. */
export class TenantRequired extends DomainError {
  static readonly code = 'tenant.required';
  static readonly kind = 'invalid';
  constructor() {
    super('Name the tenant: send X-Tenant, use the tenant’s host, or a token of the tenant.');
  }
}

/** The route needs somebody who is signed in. */
export class AuthenticationRequired extends DomainError {
  static readonly code = 'auth.required';
  static readonly kind = 'unauthenticated';
  constructor() {
    super('Send a valid access token: Authorization: Bearer <token>.');
  }
}

type ContextOverrides = { [K in keyof ExecutionContext]?: ExecutionContext[K] | undefined };

const storage = new AsyncLocalStorage<ExecutionContext>();

/** The context of the running request or job; undefined outside of one. */
export function currentContext(): ExecutionContext | undefined {
  return storage.getStore();
}

/**
 * Runs `work` in a child context: what `overrides` names is replaced, the rest is inherited. The parent is not changed.
 */
export function runInContext<T>(overrides: ContextOverrides, work: () => T): T {
  const parent = storage.getStore();
  const child: ContextOverrides = { correlationId: 'none', ...parent, ...overrides };
  return storage.run(child as ExecutionContext, work);
}

/** The tenant of the running request or job. @throws TenantRequired */
export function currentTenant(): TenantIdentity {
  const tenant = storage.getStore()?.tenant;
  if (!tenant) throw new TenantRequired();
  return tenant;
}

/** Who acts. @throws AuthenticationRequired */
export function currentPrincipal(): Principal {
  const principal = storage.getStore()?.principal;
  if (!principal) throw new AuthenticationRequired();
  return principal;
}

/** The principal under which Quoin itself acts: consumers, sweepers, the operator's commands. */
export function systemPrincipal(name: string): Principal {
  return { kind: 'system', id: name, permissions: new Set() };
}
