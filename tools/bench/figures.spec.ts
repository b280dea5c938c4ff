import { growthOf, latencyFigures, medianRound, percentile, reported, scaleFactor } from './figures.mjs';

const hundred = Float64Array.from({ length: 100 }, (_, index) => index + 1);

describe('a percentile', () => {
  it.each([
    [0.5, 50],
    [0.95, 95],
    [0.99, 99],
    [0.991, 100],
    [1, 100],
  ])('of 1 to 100 at %d is %d', (share, value) => {
    expect(percentile(hundred, share)).toBe(value);
  });

  it('of few values is one of them, never between', () => {
    expect([0.5, 0.95, 0.99].map((share) => percentile([3, 9], share))).toEqual([3, 9, 9]);
    expect(percentile([7], 0.5)).toBe(7);
  });

  it('refuses to say something about nothing, or at no share', () => {
    expect(() => percentile([], 0.5)).toThrow(RangeError);
    expect(() => percentile([1], 0)).toThrow(RangeError);
    expect(() => percentile([1], 95)).toThrow(RangeError);
  });
});

it('sorts latencies as numbers, whatever order they came in', () => {
  expect(latencyFigures([100, 9, 1, 20.1234])).toEqual({ p50Ms: 9, p95Ms: 100, p99Ms: 100, maxMs: 100 });
});

describe('the median round', () => {
  const round = (rate: number, limit: number) => ({ rate, limit, p50Ms: rate, p95Ms: rate, p99Ms: rate });

  it('is the one whose ratio is in the middle, with all figures of that one', () => {
    const rounds = [round(300, 1_000), round(100, 1_000), round(900, 1_000)];
    expect(medianRound(rounds)).toEqual({ ...round(300, 1_000), ratio: 0.3 });
  });

  it('looks at ratios, not at rates: a slow moment of the machine slows the bare limit too', () => {
    expect(medianRound([round(50, 100), round(480, 1_000), round(990, 1_980)])).toMatchObject({ rate: 50, ratio: 0.5 });
  });

  it('of an even number is the lower of the middle two', () => {
    expect(medianRound([round(4, 10), round(2, 10), round(3, 10), round(1, 10)]).ratio).toBe(0.2);
  });

  it('is refused when a measurement came to nothing', () => {
    expect(() => medianRound([])).toThrow(RangeError);
    expect(() => medianRound([round(0, 10)])).toThrow(RangeError);
    expect(() => medianRound([round(10, Number.NaN)])).toThrow(RangeError);
  });
});

it('reports what --json promises and nothing else', () => {
  const found = reported({ ...medianRound([{ rate: 100, limit: 300, p50Ms: 1, p95Ms: 2, p99Ms: 3 }]), cpuMs: 0.5 });
  expect(found).toEqual({ rate: 100, limit: 300, ratio: 0.3333, p50Ms: 1, p95Ms: 2, p99Ms: 3 });
});

describe('growth of memory', () => {
  const steps = (...levels: number[]) => levels.flatMap((level) => [level, level, level]);

  it('is nothing when it only warms up', () => {
    expect(growthOf(steps(100, 200, 200, 200))).toBe(0);
  });

  it('is seen when it goes on', () => {
    expect(growthOf(steps(100, 200, 210, 220))).toBeCloseTo(0.1);
  });

  it('does not mistake one peak for growth', () => {
    expect(growthOf([100, 100, 200, 200, 200, 200, 200, 900])).toBe(0);
  });

  it('needs enough samples', () => {
    expect(() => growthOf([1, 2, 3])).toThrow(RangeError);
  });
});

it('compares p95 round by round, and takes the median of it', () => {
  const round = (few: number, many: number) => ({ few: { p95Ms: few }, many: { p95Ms: many } });
  const rounds = [round(10, 11), round(40, 42), round(10, 90)];
  expect(scaleFactor(rounds)).toEqual({ fewMs: 10, manyMs: 11, factor: 1.1 });
});
