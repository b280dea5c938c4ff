import type { Redis } from 'ioredis';

/** Reads that share one command at most: what they bring back stays within some hundred kilobytes. */
const BATCH_MAX = 64;

/** What is between the braces of a key: in a cluster, keys with the same one live together. */
const HASH_TAG = /\{([^}]+)\}/;

/** What one command brought back, by key. */
export type Values = ReadonlyMap<string, Buffer | null>;

interface Batch {
  readonly keys: Set<string>;
  reads: number;
  readonly values: Promise<Values>;
  send(): void;
}

/**
 * Reads of one turn of the event loop go to Redis as one MGET, and a key that several of them want is sent once: a hundred
 * visitors of one page cost one command and one copy of the page. Each read still begins after it was asked for.
 */
export class BatchedReads {
  private readonly batches = new Map<string, Batch>();
  private scheduled = false;

  constructor(private readonly redis: Redis) {}

  /** The values of these keys, which are of one tenant, among others'. @throws what Redis refuses */
  read(key: string, others: readonly string[]): Promise<Values> {
    const slot = this.redis.isCluster ? (HASH_TAG.exec(key)?.[1] ?? '') : '';
    const batch = this.batches.get(slot) ?? this.open(slot);
    batch.keys.add(key);
    for (const other of others) batch.keys.add(other);
    batch.reads += 1;
    if (batch.reads === BATCH_MAX) this.close(slot, batch);
    return batch.values;
  }

  private open(slot: string): Batch {
    const keys = new Set<string>();
    const { promise: values, resolve } = Promise.withResolvers<Values>();
    const batch = { keys, reads: 0, values, send: () => resolve(this.fetch([...keys])) };
    this.batches.set(slot, batch);
    if (!this.scheduled) {
      this.scheduled = true;
      setImmediate(() => this.closeAll());
    }
    return batch;
  }

  private closeAll(): void {
    this.scheduled = false;
    for (const [slot, batch] of this.batches) this.close(slot, batch);
  }

  private close(slot: string, batch: Batch): void {
    this.batches.delete(slot);
    batch.send();
  }

  private async fetch(keys: readonly string[]): Promise<Values> {
    const values = await this.redis.mgetBuffer(...keys);
    return new Map(keys.map((key, index) => [key, values[index] ?? null]));
  }
}
