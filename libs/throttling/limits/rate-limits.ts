import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Optional } from '@nestjs/common';
import { AppConfig } from '#libs/config';
import { LandlordDatabase, SharedLookups } from '#libs/database';
import { logger } from '#libs/telemetry';
import type { LimitName, RateLimitTable } from './limit-names.js';

/** What was read is used so long at most, so that a change holds within it; milliseconds. */
const FRESH_MS = 2_000;
/** From this age on what is used is read again beside the requests, which do not wait for it. */
const RENEW_MS = 1_000;
/** What is older is waited for so long, then used as last known: a landlord that does not answer holds nobody up; milliseconds. */
const PATIENCE_MS = 250;
/** Tenants remembered at most; beyond that, those unused for longest are forgotten. */
const ENTRIES_MAX = 10_000;

interface Entry {
  table: RateLimitTable;
  readAt: number;
  usedAt: number;
}

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
  private readonly entries = new Map<string, Entry>();
  private readonly firsts = new SharedLookups((tenantIds) => this.readFirst(tenantIds));
  private reading: Promise<void> | undefined;
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
    const now = performance.now();
    const entry = this.entries.get(tenantId);
    if (!entry) return this.first(tenantId);
    entry.usedAt = now;
    const age = now - entry.readAt;
    if (age < RENEW_MS) return entry.table;
    const renewed = this.renew(now);
    return age < FRESH_MS ? entry.table : Promise.race([renewed, sleep(PATIENCE_MS)]).then(() => entry.table);
  }

  /** Forgets what is remembered: the next request reads the landlord's rows. */
  forget(): void {
    this.entries.clear();
  }

  private async first(tenantId: string): Promise<RateLimitTable> {
    const entry = await this.firsts.find(tenantId);
    if (!entry) return this.defaults;
    this.entries.set(tenantId, entry);
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= ENTRIES_MAX) break;
      this.entries.delete(oldest);
    }
    return entry.table;
  }

  private async readFirst(tenantIds: readonly string[]): Promise<ReadonlyMap<string, Entry>> {
    const now = performance.now();
    const entries = new Map(tenantIds.map((id) => [id, { table: this.defaults, readAt: now, usedAt: now }]));
    await this.read(entries);
    return entries;
  }

  /** Reads all tenants that are in use again, in one statement; one at a time, however many requests ask for it. */
  private renew(now: number): Promise<void> {
    this.reading ??= this.renewAll(now).finally(() => (this.reading = undefined));
    return this.reading;
  }

  private async renewAll(now: number): Promise<void> {
    const inUse = new Map<string, Entry>();
    for (const [tenantId, entry] of this.entries) {
      if (now - entry.usedAt < FRESH_MS) inUse.set(tenantId, entry);
      else this.entries.delete(tenantId);
    }
    await this.read(inUse);
  }

  private async read(entries: ReadonlyMap<string, Entry>): Promise<void> {
    const readAt = performance.now();
    try {
      const rows = (await this.landlord?.query<LimitRow>(SELECT, [[...entries.keys()]])) ?? [];
      const tables = new Map([...entries.keys()].map((id) => [id, { ...this.defaults }]));
      for (const { tenant_id, name, per_minute } of rows) {
        const table = tables.get(tenant_id);
        if (table) table[name] = per_minute;
      }
      for (const [id, entry] of entries) entry.table = tables.get(id) ?? this.defaults;
    } catch (error) {
      logger().warn({ err: error }, 'rate limits go on as last known: the landlord does not answer');
    }
    for (const entry of entries.values()) entry.readAt = readAt;
  }
}
