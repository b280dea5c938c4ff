/** How the bytes of an entry are packed. */
export type PayloadEncoding = 'identity' | 'gzip' | 'br' | 'deflate';

/** What stands before the bytes of an entry. */
export interface EnvelopeHead {
  /** Until then it is served without a question; milliseconds of Unix time. */
  readonly freshUntilMs: number;
  readonly encoding: PayloadEncoding;
  /** Entity tag of what is answered over HTTP; empty for values. */
  readonly etag: string;
  /** The tags' tokens as they were before the source was read, joined by commas. */
  readonly tokens: string;
}

/** An entry as it is stored. */
export interface Envelope {
  readonly head: EnvelopeHead;
  readonly payload: Buffer;
}

const VERSION = '1';
const END_OF_HEAD = 0x0a;
const HEAD_BYTES_MAX = 1_024;

/** One line of text, then the bytes as they are: nothing has to be parsed or copied to send them. */
export function packed({ freshUntilMs, encoding, etag, tokens }: EnvelopeHead, payload: Uint8Array): Buffer {
  const head = Buffer.from(`${VERSION}|${freshUntilMs}|${encoding}|${etag}|${tokens}\n`, 'latin1');
  return Buffer.concat([head, payload]);
}

/** The entry that `bytes` are; undefined for what is none, e.g. written by another release. */
export function unpacked(bytes: Buffer): Envelope | undefined {
  const end = bytes.indexOf(END_OF_HEAD);
  if (end < 0 || end > HEAD_BYTES_MAX) return undefined;
  const [version, freshUntil, encoding, etag, tokens] = bytes.toString('latin1', 0, end).split('|');
  if (version !== VERSION || etag === undefined || tokens === undefined) return undefined;
  const head = { freshUntilMs: Number(freshUntil), encoding: encoding as PayloadEncoding, etag, tokens };
  return { head, payload: bytes.subarray(end + 1) };
}
