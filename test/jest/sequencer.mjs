import { relative } from 'node:path';
import { packageOfJest } from './packages.mjs';

const { default: Sequencer } = packageOfJest('@jest/test-sequencer');

/** Of those that wait and start processes, longest first; whoever is not named takes less than they do. */
const LONG = [
  'test/faults/',
  'test/replicas/read-your-writes',
  'test/placement/tenants-command',
  'test/placement/moving',
  'test/journeys/stopping',
  'test/replicas/lost-replica',
  'test/journeys/revocation',
  'libs/events/processing/killed-worker',
  'test/placement/',
  'test/journeys/order',
  'libs/tenancy/places/migrate-all',
  'test/journeys/',
  'test/replicas/',
  'libs/events/dispatch/',
  'src/reporting/books/',
  'src/identity/sessions/session-watch',
  'test/',
  'src/inventory/stock/',
];

/** So that no long file is begun when all others are done. A clone's first run has no times to go by. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rankOf = ({ path, context }) => {
      const rank = LONG.findIndex((prefix) => relative(context.config.rootDir, path).startsWith(prefix));
      return rank === -1 ? LONG.length : rank;
    };
    return super.sort(tests).sort((one, other) => rankOf(one) - rankOf(other));
  }
}
