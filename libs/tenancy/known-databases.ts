import { Injectable } from '@nestjs/common';
import { addressText, type DatabaseAddress, LandlordDatabase, TenantDatabases } from '#libs/database';

/** What the landlord said is used this long; milliseconds. */
const FRESH_MS = 2_000;

/** All tenant databases: the shared ones of the configuration, and those that placements name. The relay visits each. */
@Injectable()
export class KnownDatabases {
  private placed: readonly DatabaseAddress[] = [];
  private readUntil = 0;

  constructor(
    private readonly landlord: LandlordDatabase,
    private readonly databases: TenantDatabases,
  ) {}

  /** @throws when the landlord does not answer and never has */
  async all(): Promise<DatabaseAddress[]> {
    await this.refresh();
    const all = [...this.databases.sharedDatabases(), ...this.placed];
    return [...new Map(all.map((address) => [addressText(address), address])).values()];
  }

  private async refresh(): Promise<void> {
    if (Date.now() < this.readUntil) return;
    try {
      this.placed = await this.landlord.query<DatabaseAddress>('select distinct cluster, database from placement');
    } catch (error) {
      if (this.readUntil === 0) throw error;
      // Tenants go on being served from where they were; the landlord is asked again in a while.
    }
    this.readUntil = Date.now() + FRESH_MS;
  }
}
