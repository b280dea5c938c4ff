/** For tests only. */
export { SeededRandom } from './seeded-random.js';
