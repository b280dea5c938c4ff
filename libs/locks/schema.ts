import type { CapabilitySchema } from '#libs/database';
import { Fence1763700310000 } from './migrations/1763700310000-fence.js';

/** Fencing tokens, which live with the rows that are written under them. */
export const locksSchema: CapabilitySchema = { migrations: [Fence1763700310000] };
