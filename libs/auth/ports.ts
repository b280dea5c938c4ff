import type { Principal, TenantIdentity } from '#libs/context';
import type { AccessClaims } from './access-tokens.js';
import type { ApiKeyClaims } from './api-key.js';
import type { OperatorClaims } from './operator-tokens.js';

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

  /** A request with these claims, the very object, will be verified: what takes time may begin. Never throws. */
  prepare?(claims: AccessClaims): void;
}

/** Tells whose API key it is and what it permits. The identity capability is one. */
export abstract class ApiKeyVerifier {
  /**
   * The user of a key, with the key's permissions. Called with the key's tenant in the context.
   *
   * @param ip who asks: somebody who tries keys is to be slowed down before PostgreSQL is
   * @throws DomainError of the kind `unauthenticated` for a key that is unknown, revoked or over
   */
  abstract verify(key: ApiKeyClaims, ip: string): Promise<Principal & { readonly apiKeyId: string }>;
}

/** Tells which operator a token belongs to. The identity capability is one. */
export abstract class OperatorVerifier {
  /**
   * The operator, as a principal of the kind `operator`. What they are about to do is written down at the landlord
   * before this resolves (requirement A7).
   *
   * @param action the route that they call: `POST /v1/landlord/tenants`
   * @throws DomainError of the kind `unauthenticated` when the token is void or its operator disabled
   */
  abstract verify(claims: OperatorClaims, action: string): Promise<Principal>;
}
