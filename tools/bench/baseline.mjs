/**
 * Compares the ratios of a run with the stored ones.
 * @param {{ tolerance: number, ratios: Record<string, number> }} baseline `tolerance` is the share by which a ratio may be lower
 * @param {Record<string, { ratio: number }>} results of the run
 * @param {string[]} asked scenarios that were to be measured
 * @returns {string[]} one sentence for each that fell, is missing, or has nothing to be compared with; empty = all is well
 */
export function regressions({ tolerance, ratios }, results, asked) {
  if (!(tolerance >= 0 && tolerance < 1)) throw new RangeError(`a tolerance of ${tolerance} compares nothing`);
  return asked.flatMap((name) => {
    const stored = ratios[name];
    const found = results[name]?.ratio;
    if (!(stored > 0)) return [`${name} has no ratio in the baseline.`];
    if (!(found > 0)) return [`${name} was not measured.`];
    const least = stored * (1 - tolerance);
    if (found >= least) return [];
    return [
      `${name} fell to ${found.toFixed(3)} of its bare limit; the baseline is ${stored.toFixed(3)}, at least ${least.toFixed(3)} is asked for.`,
    ];
  });
}

/** The baseline with the ratios of a run in it; what was not measured stays. */
export function updated(baseline, results) {
  const measured = Object.entries(results).map(([name, { ratio }]) => [name, ratio]);
  return { ...baseline, ratios: { ...baseline.ratios, ...Object.fromEntries(measured) } };
}
