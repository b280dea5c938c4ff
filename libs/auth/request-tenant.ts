import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import { AppConfig } from '#libs/config';
import type { TenantIdentity } from '#libs/context';
import { TenantSuspended, TenantUnknown } from '#libs/tenancy';
import type { FastifyRequest } from 'fastify';
import { TenantMismatch } from './auth.errors.js';
import { TenantLookup } from './ports.js';
import { hasCredentials, RequestToken } from './request-token.js';

/** A label of a host name, which is what slugs are made of. */
const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** A host that is no tenant's is remembered this long, milliseconds; at most so many of them. */
const FOREIGN_FRESH_MS = 2_000;
const FOREIGN_MAX = 1_000;

// On the request itself: the collector goes over each entry of a WeakMap, which at ten thousand requests a second shows.
declare module 'fastify' {
  interface FastifyRequest {
    /** Whom it is for, as soon as anybody has asked. */
    tenantFound?: Promise<TenantIdentity | undefined>;
  }
}

/** The tenant that a request is for, found once however many guards ask. */
@Injectable()
export class RequestTenant {
  private readonly foreignHosts = new Map<string, number>();
  private readonly publicHost: string;

  constructor(
    private readonly config: AppConfig,
    private readonly tenants: TenantLookup,
    private readonly token: RequestToken,
  ) {
    this.publicHost = new URL(config.api.publicUrl).hostname;
  }

  /**
   * The tenant named by `X-Tenant`, by the host (`<slug>.<base domain>` or a domain of the tenant's own) and by a valid
   * token; undefined if none of them names one. Whatever is named must be the same tenant, and one that is served.
   *
   * @throws TenantUnknown @throws TenantSuspended @throws TenantMismatch
   */
  of(request: FastifyRequest): Promise<TenantIdentity | undefined> {
    request.tenantFound ??= this.resolve(request);
    return request.tenantFound;
  }

  private async resolve(request: FastifyRequest): Promise<TenantIdentity | undefined> {
    const asked = [this.byHeader(request), this.byHost(request), this.byToken(request)];
    const named = await Promise.all(asked.filter((each) => each !== undefined));
    const [tenant, ...others] = named.filter((each) => each !== undefined);
    if (!tenant) return undefined;
    if (others.some((other) => other.id !== tenant.id)) throw new TenantMismatch();
    if (tenant.status === 'suspended') throw new TenantSuspended();
    if (tenant.status !== 'active') throw new TenantUnknown();
    return tenant;
  }

  // Undefined where a request does not name a tenant that way: most name it in one of the three.
  private byHeader(request: FastifyRequest): Promise<TenantIdentity> | undefined {
    const slug = request.headers['x-tenant'];
    return slug === undefined ? undefined : this.bySlug(String(slug).trim().toLowerCase());
  }

  private byToken(request: FastifyRequest): Promise<TenantIdentity | undefined> | undefined {
    return hasCredentials(request) ? this.ofToken(request) : undefined;
  }

  private async ofToken(request: FastifyRequest): Promise<TenantIdentity | undefined> {
    const claims = await this.token.claimsIfValid(request);
    return claims && this.tenants.byId(claims.tenantId);
  }

  private byHost(request: FastifyRequest): Promise<TenantIdentity | undefined> | undefined {
    const host = request.hostname.toLowerCase().replace(/\.$/, '');
    const base = this.config.api.tenantBaseDomain;
    if (host === base || host === this.publicHost) return undefined;
    if (host.endsWith(`.${base}`)) return this.bySlug(host.slice(0, -(base.length + 1)));
    // Addresses and names inside a cluster are nobody's domain: do not ask the landlord about them.
    if (!host.includes('.') || isIP(host) !== 0) return undefined;
    return this.byOwnDomain(host);
  }

  private async bySlug(slug: string): Promise<TenantIdentity> {
    if (!SLUG.test(slug)) throw new TenantUnknown();
    return this.tenants.bySlug(slug);
  }

  /** The API may be reached by names that are no tenant's; that alone is no reason to refuse. */
  private async byOwnDomain(host: string): Promise<TenantIdentity | undefined> {
    if ((this.foreignHosts.get(host) ?? 0) > Date.now()) return undefined;
    try {
      return await this.tenants.byDomain(host);
    } catch (error) {
      if (!(error instanceof TenantUnknown)) throw error;
      if (this.foreignHosts.size >= FOREIGN_MAX) this.foreignHosts.clear();
      this.foreignHosts.set(host, Date.now() + FOREIGN_FRESH_MS);
      return undefined;
    }
  }
}
