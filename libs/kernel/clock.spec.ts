import { FixedClock, SystemClock } from './clock.js';

describe('Clock', () => {
  it('tells the system time', () => {
    const before = Date.now();
    const now = new SystemClock().now().getTime();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });

  it('stands still until it is moved, and cannot be moved through the dates it gave out', () => {
    const clock = new FixedClock(new Date('2025-01-01T00:00:00Z'));
    clock.now().setUTCFullYear(1999);
    expect(clock.now().toISOString()).toBe('2025-01-01T00:00:00.000Z');
    clock.advance(1_500);
    expect(clock.now().toISOString()).toBe('2025-01-01T00:00:01.500Z');
    clock.set(new Date('2024-06-01T00:00:00Z'));
    expect(clock.now().toISOString()).toBe('2024-06-01T00:00:00.000Z');
  });
});
