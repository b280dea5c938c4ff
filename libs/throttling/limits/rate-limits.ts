import { Injectable, Optional } from '@nestjs/common';
import { AppConfig } from '#libs/config';
import { LandlordDatabase, RenewedLookups } from '#libs/database';
import { logger } from '#libs/telemetry';
import type { LimitName, RateLimitTable } from './limit-names.js';

/**
 * Tenants remembered, and how long a request waits for limits that are older than they should be, before it uses those last known:
 * a landlord that does not answer holds nobody up.
 */
const REMEMBERED = { entriesMax: 10_000, patienceMs: 250 };

interface LimitRow {
  readonly tenant_id: string;
  readonly name: LimitName;
  readonly per_minute: number;
}

/** A tenant's own limits come last: they go before its plan's. */
const SELECT = `
  select t.id as tenant_id, p.name, p.per_minute, 0 as rank
  from tenant t join plan_rate_limit p on p.plan_id = t.plan_id where t.id = any($1)
  union all
  select tenant_id, name, per_minute, 1 from tenant_rate_limit where tenant_id = any($1)
  order by rank`;

/** The limits that the process's configuration gives to whoever has none of their own. */
export function configuredLimits({ rateLimits }: AppConfig['api']): RateLimitTable {
  return rateLimits;
}

/**
 * The rate limits of tenants: the tenant's own, else its plan's, else the configured ones (requirement D2). Routing data of
 * the landlord, remembered for at most two seconds: a change holds on every node within them, and no process is restarted.
 * While the landlord does not answer, what was last known goes on.
 */
@Injectable()
export class RateLimits {
  private readonly tables = new RenewedLookups((tenantIds) => this.read(tenantIds), REMEMBERED);
  private readonly defaults: RateLimitTable;

  constructor(
    config: AppConfig,
    /** Not there where an application has no tenants. */
    @Optional() private readonly landlord?: LandlordDatabase,
  ) {
    this.defaults = configuredLimits(config.api);
  }

  /** The limits of requests of no tenant. */
  get ofNobody(): RateLimitTable {
    return this.defaults;
  }

  /** The limits of a tenant; at once when they are remembered. Never rejects. */
  of(tenantId: string): RateLimitTable | Promise<RateLimitTable> {
    const found = this.tables.find(tenantId);
    return found instanceof Promise ? found.then((table) => table ?? this.defaults) : found;
  }

  /** Forgets what is remembered: the next request reads the landlord's rows. */
  forget(): void {
    this.tables.forget();
  }

  /** Of each of these tenants, and never rejects. */
  private async read(tenantIds: readonly string[]): Promise<ReadonlyMap<string, RateLimitTable>> {
    try {
      const rows = (await this.landlord?.query<LimitRow>(SELECT, [tenantIds])) ?? [];
      const tables = new Map(tenantIds.map((id) => [id, { ...this.defaults }]));
      for (const { tenant_id, name, per_minute } of rows) {
        const table = tables.get(tenant_id);
        if (table) table[name] = per_minute;
      }
      return tables;
    } catch (error) {
      logger().warn({ err: error }, 'rate limits go on as last known: the landlord does not answer');
      return new Map(tenantIds.map((id) => [id, this.tables.lastKnown(id) ?? this.defaults]));
    }
  }
}
