import type { Principal, TenantIdentity } from '#libs/context';
import type { AccessClaims } from './access-tokens.js';

/** Finds tenants. `TenantDirectory` of libs/tenancy is one. Every method @throws TenantUnknown. */
export abstract class TenantLookup {
  abstract bySlug(slug: string): Promise<TenantIdentity>;
  abstract byId(id: string): Promise<TenantIdentity>;
  /** By a domain of the tenant's own, in lower case. */
  abstract byDomain(domain: string): Promise<TenantIdentity>;
}

/** Tells who a session belongs to and what they may do. The identity capability is one. */
export abstract class SessionVerifier {
  /**
   * The principal of a live session. Called with the session's tenant in the context, for every request that is not
   * public.
   *
   * @throws DomainError of the kind `unauthenticated` when the session has ended or its user may not sign in
   */
  abstract verify(claims: AccessClaims): Promise<Principal>;
}
