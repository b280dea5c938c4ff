/** Keys that share one statement at most. */
export const BATCH_MAX = 500;

/**
 * Look-ups by key that share statements: what is asked for in one turn of the event loop is read at once, each key once. Requests of
 * many tenants would cost a statement each otherwise, as soon as there are more tenants than requests in the time for which
 * something is remembered. One key that the database refuses fails all that it travels with: look at keys from outside first.
 */
export class SharedLookups<V> {
  private asked = new Map<string, PromiseWithResolvers<V | undefined>>();

  /** @param read gives what there is, by key */
  constructor(private readonly read: (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>) {}

  /** What there is under a key; undefined when there is nothing. @throws what `read` throws */
  find(key: string): Promise<V | undefined> {
    const known = this.asked.get(key);
    if (known) return known.promise;
    if (this.asked.size === 0) setImmediate(() => this.readAll());
    const asked = Promise.withResolvers<V | undefined>();
    this.asked.set(key, asked);
    return asked.promise;
  }

  private readAll(): void {
    const all = [...this.asked];
    this.asked = new Map();
    for (let from = 0; from < all.length; from += BATCH_MAX) void this.readSome(all.slice(from, from + BATCH_MAX));
  }

  /** Never rejects: whoever asked is told. */
  private async readSome(asked: readonly (readonly [string, PromiseWithResolvers<V | undefined>])[]): Promise<void> {
    try {
      const found = await this.read(asked.map(([key]) => key));
      for (const [key, { resolve }] of asked) resolve(found.get(key));
    } catch (error) {
      for (const [, { reject }] of asked) reject(error);
    }
  }
}
