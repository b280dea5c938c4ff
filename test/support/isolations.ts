import type { Placement } from '#libs/context';

/** The three ways to keep tenants apart: the same journeys are made in each. */
export const ISOLATIONS: readonly Placement['model'][] = ['shared', 'schema', 'database'];

/**
 * How tenants are kept apart in journeys that do not say it themselves: `TEST_ISOLATION=schema npm run test:only -- test/journeys`
 * makes all of them with a schema for each tenant.
 */
export const USUAL_ISOLATION = usual(process.env['TEST_ISOLATION'] ?? 'shared');

function usual(wanted: string): Placement['model'] {
  const found = ISOLATIONS.find((isolation) => isolation === wanted);
  if (!found) throw new Error(`TEST_ISOLATION is one of ${ISOLATIONS.join(', ')}`);
  return found;
}
