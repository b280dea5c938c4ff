import { Injectable } from '@nestjs/common';
import type { Placement, TenantIdentity } from '#libs/context';
import { LandlordDatabase, SharedLookups } from '#libs/database';
import { isUuid } from '#libs/kernel';
import { TenantUnknown } from './tenancy.errors.js';

interface TenantRow {
  key: string;
  id: string;
  slug: string;
  name: string;
  currency: string;
  time_zone: string;
  status: TenantIdentity['status'];
  model: Placement['model'];
  cluster: string;
  database: string;
  schema: string;
}

const COLUMNS = 't.id, t.slug, t.name, t.currency, t.time_zone, t.status, p.model, p.cluster, p.database, p.schema';
const TENANTS = 'from tenant t join placement p on p.tenant_id = t.id';

const BY_SLUG = `select t.slug as key, ${COLUMNS} ${TENANTS} where t.slug = any($1)`;
const BY_ID = `select t.id::text as key, ${COLUMNS} ${TENANTS} where t.id = any($1::uuid[])`;
const BY_DOMAIN = `
  select d.domain as key, ${COLUMNS} ${TENANTS} join tenant_domain d on d.tenant_id = t.id where d.domain = any($1)`;

// What cannot be a slug or a domain is nobody's, and is not asked for together with others.
const SLUG = /^[a-z0-9-]{1,63}$/;
const DOMAIN = /^[!-~]{1,253}$/;

/** An entry is used this long, so that a suspension holds within it; milliseconds. */
export const DIRECTORY_FRESH_MS = 2_000;
const ENTRIES_MAX = 10_000;

/**
 * Who is who among the tenants and where their data live. Routing data of the landlord, remembered for two seconds and
 * bounded in number; nothing of a tenant's own. What is not remembered is read for all who ask at the same time.
 */
@Injectable()
export class TenantDirectory {
  private readonly entries = new Map<string, { readonly until: number; readonly found: Promise<TenantIdentity> }>();
  private readonly slugs = new SharedLookups((slugs) => this.read(BY_SLUG, slugs));
  private readonly ids = new SharedLookups((ids) => this.read(BY_ID, ids));
  private readonly domains = new SharedLookups((domains) => this.read(BY_DOMAIN, domains));

  constructor(private readonly landlord: LandlordDatabase) {}

  /** @throws TenantUnknown */
  async bySlug(slug: string): Promise<TenantIdentity> {
    if (!SLUG.test(slug)) throw new TenantUnknown();
    return this.lookUp(`slug:${slug}`, () => this.slugs.find(slug));
  }

  /** @throws TenantUnknown */
  async byId(id: string): Promise<TenantIdentity> {
    if (!isUuid(id)) throw new TenantUnknown();
    return this.lookUp(`id:${id}`, () => this.ids.find(id.toLowerCase()));
  }

  /** By a domain of the tenant's own. @throws TenantUnknown */
  async byDomain(domain: string): Promise<TenantIdentity> {
    const name = domain.toLowerCase();
    if (!DOMAIN.test(name)) throw new TenantUnknown();
    return this.lookUp(`domain:${name}`, () => this.domains.find(name));
  }

  /** Forgets what is remembered; the next look-up reads the landlord's rows. */
  forget(): void {
    this.entries.clear();
  }

  private lookUp(key: string, find: () => Promise<TenantIdentity | undefined>): Promise<TenantIdentity> {
    const now = Date.now();
    const entry = this.entries.get(key);
    if (entry && entry.until > now) return entry.found;
    const found = known(find());
    this.entries.delete(key);
    this.entries.set(key, { until: now + DIRECTORY_FRESH_MS, found });
    found.catch(() => this.entries.delete(key));
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= ENTRIES_MAX) break;
      this.entries.delete(oldest);
    }
    return found;
  }

  private async read(sql: string, keys: readonly string[]): Promise<Map<string, TenantIdentity>> {
    const rows = await this.landlord.query<TenantRow>(sql, [keys]);
    return new Map(rows.map((row) => [row.key, identityOf(row)]));
  }
}

async function known(finding: Promise<TenantIdentity | undefined>): Promise<TenantIdentity> {
  const found = await finding;
  if (!found) throw new TenantUnknown();
  return found;
}

function identityOf({ id, slug, name, currency, status, ...row }: TenantRow): TenantIdentity {
  const placement = { model: row.model, cluster: row.cluster, database: row.database, schema: row.schema };
  return { id, slug, name, currency, timeZone: row.time_zone, status, placement };
}
