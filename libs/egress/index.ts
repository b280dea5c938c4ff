/** Requests to addresses that tenants gave, without letting them into our own network (traps: SSRF). */
export { AddressRefused, EgressFailed } from './egress.errors.js';
export { EgressModule } from './egress.module.js';
export { GuardedFetch, type OutboundRequest } from './guarded-fetch.js';
