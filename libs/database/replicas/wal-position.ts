/** A place in the write-ahead log of one cluster: how far a commit, a read or a replica is. */
export interface WalPosition {
  readonly cluster: string;
  /** Grows by one with each failover; positions of different timelines cannot be compared. */
  readonly timeline: number;
  /** Bytes of log since the cluster was made. */
  readonly lsn: number;
}

const LSN = /^([0-9A-F]{1,8})\/([0-9A-F]{1,8})$/i;
const HIGH = 2 ** 32;

/** `16/B374D848` as a number of bytes; undefined for anything else, and beyond 8 PiB, where numbers lose precision. */
export function lsnOf(text: string | null | undefined): number | undefined {
  const [, high, low] = LSN.exec(text ?? '') ?? [];
  if (high === undefined || low === undefined) return undefined;
  const lsn = Number.parseInt(high, 16) * HIGH + Number.parseInt(low, 16);
  return Number.isSafeInteger(lsn) ? lsn : undefined;
}

/** The other way round, as PostgreSQL writes it. */
export function lsnText(lsn: number): string {
  const high = Math.floor(lsn / HIGH);
  return `${high.toString(16).toUpperCase()}/${(lsn % HIGH).toString(16).toUpperCase()}`;
}

/** The later of two positions of one cluster. What a newer timeline has come to goes before whatever an older one had. */
export function laterOf(a: WalPosition, b: WalPosition): WalPosition {
  if (a.timeline !== b.timeline) return a.timeline > b.timeline ? a : b;
  return a.lsn >= b.lsn ? a : b;
}

/** What a primary says of where it writes. */
export interface PrimaryReading {
  readonly lsn: string;
  /** Name of the segment, which begins with the timeline in eight hexadecimal digits. */
  readonly file: string;
  readonly offset: number;
}

/**
 * Asked after COMMIT in the same flush. The insert position is the only one that is never before the commit, whatever
 * synchronous_commit says.
 */
export const PRIMARY_READING = `select at.lsn::text as lsn, f.file_name as file, f.file_offset as offset
  from (select pg_current_wal_insert_lsn() as lsn) at, pg_walfile_name_offset(at.lsn) f`;

const PAGE_BYTES = 8_192;
const PAGE_HEADER_BYTES = 24;
const SEGMENT_HEADER_BYTES = 40;

/** The position that a primary's reading means; undefined for what cannot be one. */
export function positionOf(cluster: string, reading: PrimaryReading): WalPosition | undefined {
  const lsn = lsnOf(reading.lsn);
  const timeline = Number.parseInt(reading.file.slice(0, 8), 16);
  if (lsn === undefined || !Number.isSafeInteger(timeline)) return undefined;
  return { cluster, timeline, lsn: lsn - headerBefore(lsn, reading.offset) };
}

/**
 * At the beginning of a page the insert position is already behind the page's header, which replicas report only with the
 * next record: an idle primary would look ahead of replicas that have everything.
 */
function headerBefore(lsn: number, offset: number): number {
  if (offset === SEGMENT_HEADER_BYTES) return SEGMENT_HEADER_BYTES;
  return lsn % PAGE_BYTES === PAGE_HEADER_BYTES ? PAGE_HEADER_BYTES : 0;
}
