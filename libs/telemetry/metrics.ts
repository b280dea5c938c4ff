import { Counter, Gauge, Histogram, type Metric, Registry } from 'prom-client';

/** All metrics of this process; what `/metrics` will serve. */
export const metrics = new Registry();

/** Seconds; from a round trip on the same machine to the longest wait for a lock. */
const DURATION_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/**
 * A number that only grows, named `quoin_<what>_total`. Asked for twice, it is the same one. Labels must be few and of few
 * values: never an id. On a hot path keep `counter.labels({ … })`, which is looked up once.
 */
export function counter<L extends string = never>(name: string, help: string, labels: readonly L[] = []): Counter<L> {
  return known(name, Counter<L>) ?? new Counter({ name, help, labelNames: labels, registers: [metrics] });
}

/**
 * A number that goes up and down. `collect`, where given, sets it whenever it is read: for what is known already, such as
 * the size of a pool.
 */
export function gauge<L extends string = never>(
  name: string,
  help: string,
  labels: readonly L[] = [],
  collect?: (this: Gauge<L>) => void,
): Gauge<L> {
  const options = { name, help, labelNames: labels, registers: [metrics] };
  return known(name, Gauge<L>) ?? new Gauge(collect ? { ...options, collect } : options);
}

/** How observations are spread, named `quoin_<what>_seconds` or after another unit. `buckets` are upper bounds. */
export function histogram<L extends string = never>(
  name: string,
  help: string,
  labels: readonly L[] = [],
  buckets: readonly number[] = DURATION_BUCKETS_S,
): Histogram<L> {
  const options = { name, help, labelNames: labels, buckets: [...buckets], registers: [metrics] };
  return known(name, Histogram<L>) ?? new Histogram(options);
}

/** @throws when the name belongs to a metric of another kind: two parts of the program mean different things by it */
function known<M extends Metric>(name: string, kind: new (...args: never[]) => M): M | undefined {
  const metric: unknown = metrics.getSingleMetric(name);
  if (metric === undefined || metric instanceof kind) return metric;
  throw new Error(`the metric ${name} is of another kind`);
}
