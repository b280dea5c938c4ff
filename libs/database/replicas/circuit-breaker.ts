/** `closed`: served from. `open`: left alone. `half-open`: probed, not served from yet. */
export type BreakerState = 'closed' | 'open' | 'half-open';

const HOLD_FIRST_MS = 200;
const HOLD_MAX_MS = 10_000;
/** Opened again within this, it holds twice as long as the last time. */
const FLAPPING_MS = 30_000;
/** Probes in a row that must succeed. */
const PROBES = 3;

/**
 * Keeps reads away from a server that fails. After a failure it holds for a moment, then lets probes through; several in a
 * row must succeed. The hold doubles for a server that comes and goes.
 */
export class CircuitBreaker {
  private current: BreakerState = 'half-open';
  private successes = 0;
  private openedAt = Number.NEGATIVE_INFINITY;
  private holdMs = 0;

  get state(): BreakerState {
    return this.current;
  }

  /** Whether a probe may be sent now. */
  mayProbe(now: number): boolean {
    if (this.current === 'open' && now - this.openedAt >= this.holdMs) this.current = 'half-open';
    return this.current !== 'open';
  }

  /** A probe was answered. */
  succeeded(): void {
    if (this.current !== 'half-open') return;
    this.successes += 1;
    if (this.successes >= PROBES) this.current = 'closed';
  }

  /** A probe or a read met no server, or a broken one. */
  failed(now: number): void {
    if (this.current === 'open') return;
    const flapping = now - this.openedAt < FLAPPING_MS + this.holdMs;
    this.holdMs = flapping ? Math.min(HOLD_MAX_MS, Math.max(HOLD_FIRST_MS, this.holdMs * 2)) : HOLD_FIRST_MS;
    this.openedAt = now;
    this.successes = 0;
    this.current = 'open';
  }
}
