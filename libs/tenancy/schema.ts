import type { CapabilitySchema } from '#libs/database';
import { Landlord1763600000000 } from './migrations/1763600000000-landlord.js';
import { TenantGate1763700100000 } from './migrations/1763700100000-tenant-gate.js';
import { TenantMoves1763700101000 } from './migrations/1763700101000-tenant-moves.js';

/** The landlord's tables, and the gate of each tenant database. */
export const tenancySchema: CapabilitySchema = {
  landlordMigrations: [Landlord1763600000000, TenantMoves1763700101000],
  platformMigrations: [TenantGate1763700100000],
};
