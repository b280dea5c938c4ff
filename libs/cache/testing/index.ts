/** For tests only. */
export { FrozenLine } from './frozen-line.js';
export { entriesFor, type EntriesStage, formsWith, valueIn } from './entries-stage.js';
