import { Injectable } from '@nestjs/common';
import type { Placement, TenantIdentity } from '#libs/context';
import { LandlordDatabase } from '#libs/database';
import { TenantUnknown } from './tenancy.errors.js';

interface TenantRow {
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

const SELECT = `
  select t.id, t.slug, t.name, t.currency, t.time_zone, t.status, p.model, p.cluster, p.database, p.schema
  from tenant t join placement p on p.tenant_id = t.id`;

/** An entry is used this long, so that a suspension holds within it; milliseconds. */
export const DIRECTORY_FRESH_MS = 2_000;
const ENTRIES_MAX = 1_000;

/**
 * Who is who among the tenants and where their data live. Routing data of the landlord, remembered for two seconds and
 * bounded in number; nothing of a tenant's own.
 */
@Injectable()
export class TenantDirectory {
  private readonly entries = new Map<string, { readonly until: number; readonly found: Promise<TenantIdentity> }>();

  constructor(private readonly landlord: LandlordDatabase) {}

  /** @throws TenantUnknown */
  bySlug(slug: string): Promise<TenantIdentity> {
    return this.lookUp(`slug:${slug}`, 't.slug = $1', slug);
  }

  /** @throws TenantUnknown */
  byId(id: string): Promise<TenantIdentity> {
    return this.lookUp(`id:${id}`, 't.id = $1', id);
  }

  /** By a domain of the tenant's own. @throws TenantUnknown */
  byDomain(domain: string): Promise<TenantIdentity> {
    const condition = 't.id = (select d.tenant_id from tenant_domain d where d.domain = $1)';
    return this.lookUp(`domain:${domain}`, condition, domain.toLowerCase());
  }

  /** Forgets what is remembered; the next look-up reads the landlord's rows. */
  forget(): void {
    this.entries.clear();
  }

  private lookUp(key: string, condition: string, value: string): Promise<TenantIdentity> {
    const now = Date.now();
    const entry = this.entries.get(key);
    if (entry && entry.until > now) return entry.found;
    const found = this.read(condition, value);
    this.entries.delete(key);
    this.entries.set(key, { until: now + DIRECTORY_FRESH_MS, found });
    found.catch(() => this.entries.delete(key));
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= ENTRIES_MAX) break;
      this.entries.delete(oldest);
    }
    return found;
  }

  private async read(condition: string, value: string): Promise<TenantIdentity> {
    const [row] = await this.landlord.query<TenantRow>(`${SELECT} where ${condition}`, [value]);
    if (!row) throw new TenantUnknown();
    const { id, slug, name, currency, status } = row;
    const placement = { model: row.model, cluster: row.cluster, database: row.database, schema: row.schema };
    return { id, slug, name, currency, timeZone: row.time_zone, status, placement };
  }
}
