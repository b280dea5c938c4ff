import type { Placement } from '#libs/context';
import type { TenantRange } from './strategies.js';

/** Injection token of {@link PlacementOptions}. */
export const PLACEMENT_OPTIONS = Symbol('PlacementOptions');

/** Injection token of a `PlacementStrategy` of the installation's own, which is then the only one. Optional. */
export const PLACEMENT_STRATEGY = Symbol('PlacementStrategy');

/** Where new tenants are put. */
export interface PlacementOptions {
  readonly strategies: readonly ('directory' | 'hash' | 'range' | 'region')[];
  readonly model: Placement['model'];
  readonly ranges: readonly TenantRange[];
  /** Region by country. */
  readonly regions: Readonly<Record<string, string>>;
}

/** One shared database, as long as nobody says otherwise. */
export const PLACEMENT_DEFAULTS: PlacementOptions = {
  strategies: ['directory'],
  model: 'shared',
  ranges: [],
  regions: {},
};
