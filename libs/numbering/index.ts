/** Gapless document numbers. */
export { type NumberTakenLate, NumberSeries } from './number-series.js';
export { NumberingModule } from './numbering.module.js';
export { numberingSchema } from './schema.js';
