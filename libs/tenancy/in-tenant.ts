import { runInContext, type Principal, systemPrincipal, type TenantIdentity } from '#libs/context';

/** Runs `work` for a tenant outside a request: jobs, commands, tests. A unit of work that is open is left outside. */
export function inTenant<T>(tenant: TenantIdentity, work: () => T, principal: Principal = systemPrincipal('quoin')): T {
  return runInContext({ tenant, principal, unitOfWork: undefined }, work);
}
