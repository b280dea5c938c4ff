import { gauge } from '#libs/telemetry';
import { SourceBusy } from '../cache.errors.js';
import type { SourceBounds } from '../cache.options.js';

/**
 * Lets only so many reads of the source run at once, and only so many wait: what the cache does not answer must not
 * take the database down with it (requirement A3). First come, first served; no tenant has more than half of the queue.
 */
export class SourceGate {
  private running = 0;
  private readonly waiting = new Set<Waiter>();
  private readonly waitingOf = new Map<string, number>();

  constructor(private readonly bounds: SourceBounds) {
    const { waiting } = this;
    gauge('quoin_cache_source_waiting', 'Reads of the source that wait for their turn', [], function () {
      this.set(waiting.size);
    });
  }

  /** Runs a read in its turn. @throws SourceBusy when the queue is full, or its turn does not come in time */
  async run<T>(tenantId: string, read: () => Promise<T>): Promise<T> {
    if (this.running < this.bounds.concurrencyMax) this.running += 1;
    else await this.turn(tenantId);
    try {
      return await read();
    } finally {
      this.next();
    }
  }

  private async turn(tenantId: string): Promise<void> {
    const { queueMax, waitMaxMs } = this.bounds;
    const ofTenant = this.waitingOf.get(tenantId) ?? 0;
    if (this.waiting.size >= queueMax || ofTenant >= Math.max(1, queueMax / 2)) throw new SourceBusy();
    this.waitingOf.set(tenantId, ofTenant + 1);
    try {
      await new Promise<void>((resolve, reject) => {
        const waiter = { go: resolve };
        const timer = setTimeout(() => {
          this.waiting.delete(waiter);
          reject(new SourceBusy());
        }, waitMaxMs);
        waiter.go = () => {
          clearTimeout(timer);
          resolve();
        };
        this.waiting.add(waiter);
      });
    } finally {
      this.leave(tenantId);
    }
  }

  private leave(tenantId: string): void {
    const left = (this.waitingOf.get(tenantId) ?? 1) - 1;
    if (left === 0) this.waitingOf.delete(tenantId);
    else this.waitingOf.set(tenantId, left);
  }

  /** Hands the place on to whoever has waited longest. */
  private next(): void {
    const [waiter] = this.waiting;
    if (!waiter) {
      this.running -= 1;
      return;
    }
    this.waiting.delete(waiter);
    waiter.go();
  }
}

interface Waiter {
  go: () => void;
}
