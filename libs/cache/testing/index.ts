/** For tests only. */
export { FrozenLine } from './frozen-line.js';
export { entriesFor, type EntriesStage, fillingWith, valueIn } from './entries-stage.js';
