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

/**
 * Visits databases one after the other, each on its own terms: one that is idle is visited less often (when there are
 * several), and one that fails holds up nobody. The failure of the only one is the caller's.
 */
export class DatabaseVisits {
  private readonly records = new Map<string, Record>();
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
    let found = 0;
    let foundMax = 0;
    for (const database of databases) {
      const here = await this.visitOne(database, visit);
      found += here;
      foundMax = Math.max(foundMax, here);
    }
    return { found, foundMax };
  }

  private async visitOne(
    database: DatabaseAddress,
    visit: (database: DatabaseAddress) => Promise<number>,
  ): Promise<number> {
    const record = this.recordOf(database);
    if (record.nextAt > Date.now()) return 0;
    try {
      const found = await visit(database);
      record.failures = 0;
      record.restMs = found > 0 ? 0 : Math.min(REST_MAX_MS, Math.max(REST_FIRST_MS, record.restMs * 2));
      return found;
    } catch (error) {
      if (record.failures === 0) this.logger.warn(`${this.name}: ${addressText(database)}: ${String(error)}`);
      record.failures += 1;
      record.restMs = Math.min(FAILURE_REST_MAX_MS, Math.max(REST_MAX_MS, record.restMs * 2));
      return 0;
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
