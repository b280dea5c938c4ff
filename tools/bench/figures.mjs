/** Nearest-rank percentile of values sorted upwards: the smallest value that at least `share` of all do not exceed. */
export function percentile(sorted, share) {
  if (sorted.length === 0) throw new RangeError('no values, no percentile');
  if (!(share > 0 && share <= 1)) throw new RangeError(`${share} is no share of the values`);
  return sorted[Math.ceil(sorted.length * share) - 1];
}

const round = (value, digits) => Number(value.toFixed(digits));

/**
 * The latencies of one measurement as they are reported.
 * @param {ArrayLike<number>} latenciesMs in any order, at least one
 * @returns {{ p50Ms: number, p95Ms: number, p99Ms: number, maxMs: number }}
 */
export function latencyFigures(latenciesMs) {
  const sorted = Float64Array.from(latenciesMs).sort();
  const at = (share) => round(percentile(sorted, share), 2);
  return { p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), maxMs: at(1) };
}

/**
 * What several rounds of a scenario and its bare limit came to: the round whose ratio is the median (of an even number, the
 * lower of the two in the middle). All figures are of that one round, so that they belong together; a burst of somebody
 * else's work on the machine hits both halves of a round or makes it an outlier.
 * @param {{ rate: number, limit: number, p50Ms: number, p95Ms: number, p99Ms: number }[]} rounds rates per second
 */
export function medianRound(rounds) {
  if (rounds.length === 0) throw new RangeError('no rounds, no median');
  for (const { rate, limit } of rounds) {
    if (!(rate > 0 && limit > 0)) throw new RangeError(`${rate}/s against ${limit}/s is no measurement`);
  }
  const ordered = rounds.map((one) => ({ ...one, ratio: one.rate / one.limit })).sort((a, b) => a.ratio - b.ratio);
  return ordered[Math.ceil(ordered.length / 2) - 1];
}

/** A scenario as `--json` writes it and the baseline keeps it. */
export function reported({ rate, limit, ratio, p50Ms, p95Ms, p99Ms }) {
  return { rate: round(rate, 1), limit: round(limit, 1), ratio: round(ratio, 4), p50Ms, p95Ms, p99Ms };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.ceil(values.length / 2) - 1];

/**
 * Whether memory grows: the share by which the median of the last quarter of the samples is above that of the second quarter.
 * The first quarter is warming up: code is compiled, pools and caches fill.
 * @param {number[]} samples at even intervals, at least 8
 */
export function growthOf(samples) {
  if (samples.length < 8) throw new RangeError(`${samples.length} samples say nothing about growth`);
  const quarter = Math.floor(samples.length / 4);
  return median(samples.slice(-quarter)) / median(samples.slice(quarter, 2 * quarter)) - 1;
}

/**
 * How much dearer the same is with more data: the median, over rounds taken in turn, of the ratio of the two p95.
 * @param {{ few: { p95Ms: number }, many: { p95Ms: number } }[]} rounds
 */
export function scaleFactor(rounds) {
  const factor = ({ few, many }) => many.p95Ms / few.p95Ms;
  const ordered = [...rounds].sort((a, b) => factor(a) - factor(b));
  const middle = ordered[Math.ceil(ordered.length / 2) - 1];
  return { fewMs: middle.few.p95Ms, manyMs: middle.many.p95Ms, factor: factor(middle) };
}
