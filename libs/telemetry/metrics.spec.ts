import { counter, gauge, histogram, metrics } from './metrics.js';

describe('metrics', () => {
  beforeEach(() => metrics.clear());

  it('are kept by name: asked for twice, a metric is the same one', async () => {
    counter('quoin_things_total', 'Things', ['kind']).inc({ kind: 'a' });
    counter('quoin_things_total', 'Things', ['kind']).inc({ kind: 'a' }, 2);
    expect(await metrics.metrics()).toContain('quoin_things_total{kind="a"} 3');
  });

  it('refuse a name that means something else already', () => {
    gauge('quoin_size', 'Size');
    expect(() => counter('quoin_size', 'Size')).toThrow('quoin_size is of another kind');
  });

  it('read what is known already when they are read', async () => {
    let size = 1;
    gauge('quoin_size', 'Size', [], function () {
      this.set(size);
    });
    size = 7;
    expect(await metrics.metrics()).toContain('quoin_size 7');
  });

  it('spread durations over buckets of seconds', async () => {
    histogram('quoin_wait_seconds', 'Wait').observe(0.02);
    const text = await metrics.metrics();
    expect(text).toContain('quoin_wait_seconds_bucket{le="0.01"} 0');
    expect(text).toContain('quoin_wait_seconds_bucket{le="0.025"} 1');
  });
});
