import { counter, histogram } from '#libs/telemetry';

const reads = counter('quoin_cache_reads_total', 'Reads through the cache', ['cache', 'outcome']);
const fills = counter('quoin_cache_fills_total', 'Reads of the source for the cache', ['cache', 'outcome']);
const fillSeconds = histogram('quoin_cache_fill_seconds', 'Reading the source, waiting for a turn included', ['cache']);
const flushes = counter('quoin_cache_flushed_tags_total', 'Tags flushed, and those that could not be', ['outcome']);

/** `hit`, `stale` (served while another reads anew), `miss`, or `away`: Redis did not answer. */
export type ReadOutcome = 'hit' | 'stale' | 'miss' | 'away';

/** `stored`; `lost`: flushed or overtaken meanwhile; `large`; `failed`: the source threw; `alone`: read without a lease. */
export type FillOutcome = 'stored' | 'lost' | 'large' | 'failed' | 'alone';

/** Counts what becomes of the reads of one kind of entries. The hit rate is hits and stale over all. */
export class CacheMetrics {
  private static readonly known = new Map<string, CacheMetrics>();
  private readonly read: Readonly<Record<ReadOutcome, { inc(): void }>>;

  private constructor(private readonly cache: string) {
    // Looked up once: labels cost more than counting.
    const of = (outcome: ReadOutcome) => reads.labels({ cache, outcome });
    this.read = { hit: of('hit'), stale: of('stale'), miss: of('miss'), away: of('away') };
  }

  static of(cache: string): CacheMetrics {
    const known = this.known.get(cache) ?? new CacheMetrics(cache);
    this.known.set(cache, known);
    return known;
  }

  countRead(outcome: ReadOutcome): void {
    this.read[outcome].inc();
  }

  countFill(outcome: FillOutcome): void {
    fills.labels({ cache: this.cache, outcome }).inc();
  }

  /** Starts the clock of a fill; call the answer when it has ended. */
  timeFill(): () => void {
    return fillSeconds.labels({ cache: this.cache }).startTimer();
  }
}

/** Counts flushed tags. */
export function countFlushed(tags: number, outcome: 'flushed' | 'failed'): void {
  flushes.labels({ outcome }).inc(tags);
}
