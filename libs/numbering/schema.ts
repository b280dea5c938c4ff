import type { CapabilitySchema } from '#libs/database';
import { NumberSeries1763600050000 } from './migrations/1763600050000-number-series.js';

/** Number series, which live with the tenant's business tables. */
export const numberingSchema: CapabilitySchema = { migrations: [NumberSeries1763600050000] };
