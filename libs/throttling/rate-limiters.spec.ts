import { configureLogging } from '#libs/telemetry';
import { FailoverRateLimiter } from './failover-rate-limiter.js';
import { LocalRateLimiter } from './local-rate-limiter.js';
import { networkOf, routeKey, tenantKey } from './rate-limit-key.js';
import { type RateDecision, RateLimiter, WINDOW_MS } from './rate-limiter.js';

/** Numbers that look random and are the same in every run. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

class SwitchedLimiter extends RateLimiter {
  broken = false;
  asked = 0;

  override async hit(): Promise<RateDecision> {
    this.asked += 1;
    if (this.broken) throw new Error('Connection is closed.');
    return { allowed: true, tightest: 0, remaining: 1, atMs: 0, resetAfterMs: 1 };
  }
}

describe('the sliding window', () => {
  it.each([1, 2, 3, 4, 5])('never lets more than the limit through in any minute (seed %i)', async (seed) => {
    const random = numbersFrom(seed);
    const limit = 1 + Math.floor(random() * 20);
    let now = 1_700_000_000_000;
    const limiter = new LocalRateLimiter(() => now);
    const allowed: number[] = [];
    for (let request = 0; request < 3_000; request += 1) {
      // Bursts, pauses and a steady trickle.
      now += random() < 0.02 ? random() * 90_000 : random() * 400;
      if ((await limiter.hit([{ key: 'key', limit: limit }])).allowed) allowed.push(now);
    }
    expect(allowed.length).toBeGreaterThan(limit);
    const early = allowed.filter((at, index) => (allowed[index + limit] ?? Infinity) - at < WINDOW_MS);
    expect(early).toEqual([]);
  });

  it('has room again exactly when it says so, and not before', async () => {
    let now = 1_700_000_000_123;
    const limiter = new LocalRateLimiter(() => now);
    for (let request = 0; request < 3; request += 1) {
      await limiter.hit([{ key: 'key', limit: 3 }]);
      now += 2_000;
    }
    const refused = await limiter.hit([{ key: 'key', limit: 3 }]);
    expect(refused).toMatchObject({ allowed: false, remaining: 0 });
    now += refused.resetAfterMs - 1;
    expect(await limiter.hit([{ key: 'key', limit: 3 }])).toMatchObject({ allowed: false });
    now += 1;
    expect(await limiter.hit([{ key: 'key', limit: 3 }])).toMatchObject({ allowed: true, remaining: 0 });
  });

  it('does not count refused requests', async () => {
    let now = 1_700_000_000_000;
    const limiter = new LocalRateLimiter(() => now);
    await limiter.hit([{ key: 'key', limit: 1 }]);
    for (let request = 0; request < 100; request += 1) {
      now += 500;
      await limiter.hit([{ key: 'key', limit: 1 }]);
    }
    now = 1_700_000_061_000;
    expect(await limiter.hit([{ key: 'key', limit: 1 }])).toMatchObject({ allowed: true });
  });

  it('counts a request under all of its limits or under none, and tells of the tightest', async () => {
    let now = 1_700_000_000_000;
    const limiter = new LocalRateLimiter(() => now);
    const [wide, narrow] = [
      { key: 'tenant', limit: 5 },
      { key: 'route', limit: 2 },
    ];
    expect(await limiter.hit([wide, narrow])).toMatchObject({ allowed: true, tightest: 1, remaining: 1 });
    now += 1_000;
    expect(await limiter.hit([wide, narrow])).toMatchObject({ allowed: true, tightest: 1, remaining: 0 });
    for (let again = 0; again < 10; again += 1) {
      expect(await limiter.hit([wide, narrow])).toMatchObject({ allowed: false, tightest: 1, remaining: 0 });
    }
    expect(await limiter.hit([wide])).toMatchObject({ allowed: true, remaining: 2 });
  });

  it('sends whoever several limits refuse away until all of them have room', async () => {
    let now = 1_700_000_000_000;
    const limiter = new LocalRateLimiter(() => now);
    await limiter.hit([{ key: 'early', limit: 1 }]);
    now += 20_000;
    await limiter.hit([{ key: 'late', limit: 1 }]);
    const refused = await limiter.hit([
      { key: 'early', limit: 1 },
      { key: 'late', limit: 1 },
    ]);
    expect(refused).toMatchObject({ allowed: false, tightest: 1, resetAfterMs: 61_000 });
  });

  it('counts keys apart, and forgets those unused for longest when there are too many', async () => {
    const limiter = new LocalRateLimiter(() => 1_700_000_000_000, 3);
    for (const key of ['a', 'b', 'c']) await limiter.hit([{ key, limit: 1 }]);
    expect(await limiter.hit([{ key: 'a', limit: 1 }])).toMatchObject({ allowed: false });
    expect(await limiter.hit([{ key: 'd', limit: 1 }])).toMatchObject({ allowed: true });
    expect(limiter.size).toBe(3);
    expect(await limiter.hit([{ key: 'a', limit: 1 }])).toMatchObject({ allowed: false });
    expect(await limiter.hit([{ key: 'b', limit: 1 }])).toMatchObject({ allowed: true });
  });
});

describe('while Redis is away', () => {
  beforeAll(() => configureLogging({ level: 'silent', service: 'test' }));

  it('requests are counted here: neither all refused nor unlimited', async () => {
    const shared = new SwitchedLimiter();
    const limiter = new FailoverRateLimiter(shared, new LocalRateLimiter(() => 0), () => 0);
    shared.broken = true;
    const decisions = [];
    for (let request = 0; request < 5; request += 1)
      decisions.push((await limiter.hit([{ key: 'key', limit: 3 }])).allowed);
    expect(decisions).toEqual([true, true, true, false, false]);
    expect(shared.asked).toBe(1);
  });

  it('Redis is asked again after a second', async () => {
    const shared = new SwitchedLimiter();
    let now = 0;
    const limiter = new FailoverRateLimiter(shared, new LocalRateLimiter(() => now), () => now);
    shared.broken = true;
    await limiter.hit([{ key: 'key', limit: 1 }]);
    shared.broken = false;
    expect(await limiter.hit([{ key: 'key', limit: 1 }])).toMatchObject({ allowed: false });
    now = 1_000;
    expect(await limiter.hit([{ key: 'key', limit: 1 }])).toMatchObject({ allowed: true });
    expect(shared.asked).toBe(2);
  });
});

describe('the key', () => {
  it.each([
    ['198.51.100.7', '198.51.100.7'],
    ['::ffff:198.51.100.7', '198.51.100.7'],
    ['2001:DB8:0:1::5', '2001:db8:0:1::/64'],
    ['2001:db8::1:0:0:0:9', '2001:db8:0:1::/64'],
    ['2001:db8:0:1:ffff:ffff:ffff:ffff', '2001:db8:0:1::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['1:2:3:4:5:6:7::', '1:2:3:4::/64'],
    ['64:ff9b::198.51.100.7', '64:ff9b:0:0::/64'],
    ['unknown', 'unknown'],
  ])('counts %s as %s: a network of 64 bits is one caller', (ip, network) => {
    expect(networkOf(ip)).toBe(network);
  });

  it('has the form of source 2, with the tenant as hash tag', () => {
    const subject = { tenantId: 't-1', userId: 'u-1', ip: '192.0.2.1', route: '/v1/products/:id' };
    expect(routeKey(subject)).toBe('rate_limit:tenant:{t-1}:user:u-1:route:/v1/products/:id');
    expect(routeKey({ ...subject, userId: undefined })).toBe(
      'rate_limit:tenant:{t-1}:ip:192.0.2.1:route:/v1/products/:id',
    );
    expect(routeKey({ ...subject, tenantId: undefined, userId: undefined })).toBe(
      'rate_limit:tenant:{none}:ip:192.0.2.1:route:/v1/products/:id',
    );
    expect(tenantKey('t-1')).toBe('rate_limit:tenant:{t-1}');
  });
});
