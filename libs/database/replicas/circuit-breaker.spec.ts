import { CircuitBreaker } from './circuit-breaker.js';

/** Probes every 100 ms from `now` on until it is closed; gives when that was. */
function closedAt(breaker: CircuitBreaker, now: number): number {
  for (let at = now; at < now + 60_000; at += 100) {
    if (breaker.mayProbe(at)) breaker.succeeded();
    if (breaker.state === 'closed') return at;
  }
  throw new Error('it stays open');
}

it('begins by probing, and serves after three answers', () => {
  const breaker = new CircuitBreaker();
  expect(breaker.state).toBe('half-open');
  expect(closedAt(breaker, 0)).toBe(200);
});

it('sends no probe for a moment after a failure', () => {
  const breaker = new CircuitBreaker();
  closedAt(breaker, 0);
  breaker.failed(1_000);
  expect(breaker.state).toBe('open');
  expect(breaker.mayProbe(1_100)).toBe(false);
  expect(breaker.mayProbe(1_200)).toBe(true);
  expect(breaker.state).toBe('half-open');
});

it('opens again when one of the probes fails', () => {
  const breaker = new CircuitBreaker();
  breaker.failed(0);
  breaker.mayProbe(300);
  breaker.succeeded();
  breaker.succeeded();
  breaker.failed(500);
  expect(breaker.state).toBe('open');
});

it('holds twice as long each time for what comes and goes, at most ten seconds, and forgives after a quiet while', () => {
  const breaker = new CircuitBreaker();
  const holds: number[] = [];
  let now = 0;
  for (let round = 0; round < 9; round += 1) {
    breaker.failed(now);
    const back = closedAt(breaker, now);
    holds.push(back - now);
    now = back + 1;
  }
  expect(holds.map((hold) => Math.round(hold / 100))).toEqual([4, 6, 10, 18, 34, 66, 102, 102, 102]);
  breaker.failed(now + 120_000);
  expect(closedAt(breaker, now + 120_000) - now - 120_000).toBe(400);
});
