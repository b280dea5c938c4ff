import { Injectable } from '@nestjs/common';
import { AppConfig } from '#libs/config';
import { LandlordDatabase, type Transaction } from '#libs/database';
import { Landlord, TenantUnknown } from '#libs/tenancy';
import { PlanUnknown } from '../throttling.errors.js';
import type { LimitName, RateLimitTable } from './limit-names.js';

/** Requests a minute of the limits that are set; what is left out comes from elsewhere. */
export type SetLimits = Partial<RateLimitTable>;

/** What holds for a tenant, and where it comes from: its own limits go before its plan's, those before the configured ones. */
export interface TenantLimits {
  readonly plan: string;
  readonly own: SetLimits;
  readonly ofPlan: SetLimits;
  readonly effective: RateLimitTable;
}

type Holder =
  | { readonly table: 'plan_rate_limit'; readonly column: 'plan_id'; readonly id: string }
  | { readonly table: 'tenant_rate_limit'; readonly column: 'tenant_id'; readonly id: string };

interface LimitRow {
  readonly name: LimitName;
  readonly perMinute: number;
}

const ofPlan = (id: string): Holder => ({ table: 'plan_rate_limit', column: 'plan_id', id });
const ofTenant = (id: string): Holder => ({ table: 'tenant_rate_limit', column: 'tenant_id', id });

/** Rate limits as operators set them. Every process follows within two seconds; each change is on the landlord's record. */
@Injectable()
export class RateLimitSettings {
  constructor(
    private readonly landlord: Landlord,
    private readonly database: LandlordDatabase,
    private readonly config: AppConfig,
  ) {}

  /** @throws TenantUnknown */
  async ofTenant(slug: string): Promise<TenantLimits> {
    const { id, plan } = await this.tenant(slug);
    const [own, planned] = await Promise.all([this.read(ofTenant(id)), this.read(ofPlan(plan))]);
    return { plan, own, ofPlan: planned, effective: { ...this.config.api.rateLimits, ...planned, ...own } };
  }

  /** Gives the tenant exactly these limits of its own. @throws TenantUnknown */
  async setOfTenant(slug: string, limits: SetLimits): Promise<TenantLimits> {
    const { id } = await this.tenant(slug);
    await this.landlord.withoutTenancy(`the rate limits of ${slug} are set`, (transaction) =>
      replace(transaction, ofTenant(id), limits),
    );
    return this.ofTenant(slug);
  }

  /** @throws PlanUnknown */
  async ofPlan(plan: string): Promise<SetLimits> {
    await this.requirePlan(plan);
    return this.read(ofPlan(plan));
  }

  /** Gives the plan exactly these limits. @throws PlanUnknown */
  async setOfPlan(plan: string, limits: SetLimits): Promise<SetLimits> {
    await this.requirePlan(plan);
    await this.landlord.withoutTenancy(`the rate limits of the plan ${plan} are set`, (transaction) =>
      replace(transaction, ofPlan(plan), limits),
    );
    return this.ofPlan(plan);
  }

  /** Puts the tenant on another plan. @throws TenantUnknown, PlanUnknown */
  async putOnPlan(slug: string, plan: string): Promise<TenantLimits> {
    await this.requirePlan(plan);
    const { id } = await this.tenant(slug);
    await this.landlord.withoutTenancy(`${slug} is put on the plan ${plan}`, (transaction) =>
      transaction.execute(
        'update tenant set plan_id = $2, version = version + 1, updated_at = now() where id = $1 and plan_id <> $2',
        [id, plan],
      ),
    );
    return this.ofTenant(slug);
  }

  private async tenant(slug: string): Promise<{ id: string; plan: string }> {
    const sql = 'select id, plan_id as plan from tenant where slug = $1';
    const [tenant] = await this.database.query<{ id: string; plan: string }>(sql, [slug]);
    if (!tenant) throw new TenantUnknown();
    return tenant;
  }

  private async requirePlan(plan: string): Promise<void> {
    const found = await this.database.query('select from plan where id = $1', [plan]);
    if (found.length === 0) throw new PlanUnknown(plan);
  }

  private async read({ table, column, id }: Holder): Promise<SetLimits> {
    const sql = `select name, per_minute as "perMinute" from ${table} where ${column} = $1 order by name`;
    const rows = await this.database.query<LimitRow>(sql, [id]);
    return Object.fromEntries(rows.map(({ name, perMinute }) => [name, perMinute]));
  }
}

async function replace(transaction: Transaction, { table, column, id }: Holder, limits: SetLimits): Promise<void> {
  const names = Object.keys(limits);
  await transaction.execute(`delete from ${table} where ${column} = $1 and name <> all ($2)`, [id, names]);
  await transaction.execute(
    `insert into ${table} (${column}, name, per_minute) select $1, * from unnest($2::text[], $3::int[])
     on conflict (${column}, name) do update set per_minute = excluded.per_minute, updated_at = now()`,
    [id, names, Object.values(limits)],
  );
}
