import { Injectable } from '@nestjs/common';
import type { Placement, TenantIdentity } from '#libs/context';
import { LandlordDatabase } from '#libs/database';
import type { Page } from '#libs/kernel';
import { TenantUnknown } from '#libs/tenancy';

/** A tenant as operators see it. */
export interface LandlordTenant {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly plan: string;
  readonly status: TenantIdentity['status'];
  readonly placement: Placement;
  /** The last migration of its place, when that is its own or was migrated by `quoin migrate`. */
  readonly placeVersion: string | null;
  readonly createdAt: Date;
}

/** Which tenants are asked for. */
export interface TenantFilter {
  readonly status?: TenantIdentity['status'] | undefined;
  readonly cluster?: string | undefined;
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
}

const SELECT = `
  select t.id, t.slug, t.name, t.currency, t.time_zone as "timeZone", t.plan_id as plan, t.status,
    t.created_at as "createdAt", v.version as "placeVersion", jsonb_build_object(
      'model', p.model, 'cluster', p.cluster, 'database', p.database, 'schema', p.schema) as placement
  from tenant t join placement p on p.tenant_id = t.id
  left join place_version v on v.cluster = p.cluster and v.database = p.database and v.schema = p.schema`;

const LIST = `${SELECT}
  where ($1::text is null or t.status = $1) and ($2::text is null or p.cluster = $2) and ($3::text is null or t.slug > $3)
  order by t.slug limit $4`;

const LIMIT = 50;

/** The tenants of this installation, for operators. */
@Injectable()
export class LandlordTenants {
  constructor(private readonly database: LandlordDatabase) {}

  /** In the order of their slugs. */
  async list({ status, cluster, cursor, limit = LIMIT }: TenantFilter = {}): Promise<Page<LandlordTenant>> {
    const parameters = [status ?? null, cluster ?? null, cursor ?? null, limit + 1];
    const rows = await this.database.query<LandlordTenant>(LIST, parameters);
    const items = rows.slice(0, limit);
    return { items, nextCursor: rows.length > limit ? (items.at(-1)?.slug ?? null) : null };
  }

  /** @throws TenantUnknown */
  async bySlug(slug: string): Promise<LandlordTenant> {
    const [row] = await this.database.query<LandlordTenant>(`${SELECT} where t.slug = $1`, [slug]);
    if (!row) throw new TenantUnknown();
    return row;
  }
}
