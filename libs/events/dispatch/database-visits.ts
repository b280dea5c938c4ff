import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { addressText, type DatabaseAddress } from '#libs/database';

/** A database in which nothing was found is left alone ever longer, up to this; milliseconds. */
const REST_MAX_MS = 1_000;

/** One that failed is left alone up to this; milliseconds. */
const FAILURE_REST_MAX_MS = 10_000;

const REST_FIRST_MS = 50;

interface Record {
  nextAt: number;
  restMs: number;
  failures: number;
}

/** How a round over several databases went. */
export interface RoundReport {
  /** What `visit` answered, added up. */
  readonly found: number;
  /** Of one database, the most. */
  readonly foundMax: number;
}

/** A round does not wait longer for clusters that are slow; milliseconds. */
const ROUND_MAX_MS = 500;

/**
 * Visits the databases of each cluster one after the other, all clusters side by side. One that is idle is visited less often
 * (when there are several), and a database that fails or a cluster that hangs holds up nobody. The failure of the only one is
 * the caller's.
 */
export class DatabaseVisits {
  private readonly records = new Map<string, Record>();
  /** Clusters that are being visited. */
  private readonly lanes = new Map<string, Promise<void>>();
  private readonly logger: Logger;

  constructor(private readonly name: string) {
    this.logger = new Logger(name);
  }

  /** @param visit answers how much it found */
  async round(
    databases: readonly DatabaseAddress[],
    visit: (database: DatabaseAddress) => Promise<number>,
  ): Promise<RoundReport> {
    const [only] = databases;
    if (only && databases.length === 1) {
      const found = await visit(only);
      return { found, foundMax: found };
    }
    this.forgetOthers(databases);
    const findings: number[] = [];
    for (const [cluster, own] of Map.groupBy(databases, (database) => database.cluster)) {
      if (!this.lanes.has(cluster))
        this.enter(cluster, own, async (database) => {
          const found = await visit(database);
          findings.push(found);
          return found;
        });
    }
    const waiting = new AbortController();
    const limit = sleep(ROUND_MAX_MS, undefined, { signal: waiting.signal }).catch(() => undefined);
    await Promise.race([this.end(), limit]);
    waiting.abort();
    return { found: findings.reduce((sum, found) => sum + found, 0), foundMax: Math.max(0, ...findings) };
  }

  /** Resolves when no database is being visited. */
  async end(): Promise<void> {
    await Promise.all(this.lanes.values());
  }

  private enter(
    cluster: string,
    databases: readonly DatabaseAddress[],
    visit: (database: DatabaseAddress) => Promise<number>,
  ): void {
    const lane = async () => {
      for (const database of databases) await this.visitOne(database, visit);
      this.lanes.delete(cluster);
    };
    this.lanes.set(cluster, lane());
  }

  private async visitOne(
    database: DatabaseAddress,
    visit: (database: DatabaseAddress) => Promise<number>,
  ): Promise<void> {
    const record = this.recordOf(database);
    if (record.nextAt > Date.now()) return;
    try {
      const found = await visit(database);
      record.failures = 0;
      record.restMs = found > 0 ? 0 : Math.min(REST_MAX_MS, Math.max(REST_FIRST_MS, record.restMs * 2));
    } catch (error) {
      if (record.failures === 0) this.logger.warn(`${this.name}: ${addressText(database)}: ${String(error)}`);
      record.failures += 1;
      record.restMs = Math.min(FAILURE_REST_MAX_MS, Math.max(REST_MAX_MS, record.restMs * 2));
    } finally {
      record.nextAt = Date.now() + record.restMs;
    }
  }

  private recordOf(database: DatabaseAddress): Record {
    const key = addressText(database);
    const record = this.records.get(key) ?? { nextAt: 0, restMs: 0, failures: 0 };
    this.records.set(key, record);
    return record;
  }

  private forgetOthers(databases: readonly DatabaseAddress[]): void {
    const keys = new Set(databases.map(addressText));
    for (const key of this.records.keys()) if (!keys.has(key)) this.records.delete(key);
  }
}
