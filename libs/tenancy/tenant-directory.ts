import { Injectable } from '@nestjs/common';
import type { Placement, TenantIdentity } from '#libs/context';
import { LandlordDatabase, RenewedLookups } from '#libs/database';
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

const REMEMBERED = { entriesMax: 10_000 };

/**
 * Who is who among the tenants and where their data live. Routing data of the landlord, remembered for at most two seconds, so
 * that a suspension holds within them, and bounded in number; nothing of a tenant's own.
 */
@Injectable()
export class TenantDirectory {
  private readonly slugs = new RenewedLookups((slugs) => this.read(BY_SLUG, slugs), REMEMBERED);
  private readonly ids = new RenewedLookups((ids) => this.read(BY_ID, ids), REMEMBERED);
  private readonly domains = new RenewedLookups((domains) => this.read(BY_DOMAIN, domains), REMEMBERED);

  constructor(private readonly landlord: LandlordDatabase) {}

  /** @throws TenantUnknown */
  async bySlug(slug: string): Promise<TenantIdentity> {
    if (!SLUG.test(slug)) throw new TenantUnknown();
    return known(await this.slugs.find(slug));
  }

  /** @throws TenantUnknown */
  async byId(id: string): Promise<TenantIdentity> {
    if (!isUuid(id)) throw new TenantUnknown();
    return known(await this.ids.find(id.toLowerCase()));
  }

  /** By a domain of the tenant's own. @throws TenantUnknown */
  async byDomain(domain: string): Promise<TenantIdentity> {
    const name = domain.toLowerCase();
    if (!DOMAIN.test(name)) throw new TenantUnknown();
    return known(await this.domains.find(name));
  }

  /** Forgets what is remembered; the next look-up reads the landlord's rows. */
  forget(): void {
    for (const lookups of [this.slugs, this.ids, this.domains]) lookups.forget();
  }

  private async read(sql: string, keys: readonly string[]): Promise<Map<string, TenantIdentity>> {
    const rows = await this.landlord.query<TenantRow>(sql, [keys]);
    return new Map(rows.map((row) => [row.key, identityOf(row)]));
  }
}

function known(found: TenantIdentity | undefined): TenantIdentity {
  if (!found) throw new TenantUnknown();
  return found;
}

function identityOf({ id, slug, name, currency, status, ...row }: TenantRow): TenantIdentity {
  const placement = { model: row.model, cluster: row.cluster, database: row.database, schema: row.schema };
  return { id, slug, name, currency, timeZone: row.time_zone, status, placement };
}
