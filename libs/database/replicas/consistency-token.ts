import { lsnOf, lsnText, type WalPosition } from './wal-position.js';

const VERSION = 'v1';
const LENGTH_MAX = 160;
const TEXT = /^([a-z0-9][a-z0-9_-]{0,62}):([0-9a-f]{1,8}):([0-9A-F]{1,8}\/[0-9A-F]{1,8})$/;

/** A position as clients, sessions and jobs carry it: opaque to them, one line of a header. */
export function consistencyToken({ cluster, timeline, lsn }: WalPosition): string {
  return `${VERSION}.${Buffer.from(`${cluster}:${timeline.toString(16)}:${lsnText(lsn)}`).toString('base64url')}`;
}

/** The position of a token; undefined when it is none that we gave. Nothing in it is believed but how far to wait. */
export function positionOfToken(token: string): WalPosition | undefined {
  if (token.length > LENGTH_MAX || !token.startsWith(`${VERSION}.`)) return undefined;
  const text = Buffer.from(token.slice(VERSION.length + 1), 'base64url').toString('latin1');
  const [, cluster, timeline, place] = TEXT.exec(text) ?? [];
  const lsn = lsnOf(place);
  if (cluster === undefined || timeline === undefined || lsn === undefined) return undefined;
  return { cluster, timeline: Number.parseInt(timeline, 16), lsn };
}
