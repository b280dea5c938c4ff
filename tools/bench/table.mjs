const whole = (value) => Math.round(value).toLocaleString('en');
const decimals = (value, digits) => (value === undefined ? '' : value.toFixed(digits));

/** Lines up cells; the first column to the left, the others to the right. */
export function aligned(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}

/** The table of a run. @param {Record<string, object>} results the median round of each scenario */
export function ratioTable(results) {
  const head = ['scenario', 'ratio', 'rate/s', 'bare/s', 'p50 ms', 'p95 ms', 'p99 ms', 'cpu ms', 'bare cpu'];
  const rows = Object.entries(results).map(([name, one]) => [
    name,
    decimals(one.ratio, 3),
    whole(one.rate),
    whole(one.limit),
    ...[one.p50Ms, one.p95Ms, one.p99Ms].map((value) => decimals(value, 2)),
    decimals(one.cpuMs, 3),
    decimals(one.bareCpuMs, 3),
  ]);
  return aligned([head, ...rows]);
}
