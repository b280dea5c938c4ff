import type { Placement } from '#libs/context';

/** The three ways to keep tenants apart: the same journeys are made in each. */
export const ISOLATIONS: readonly Placement['model'][] = ['shared', 'schema', 'database'];
