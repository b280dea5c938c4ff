/** A signed link works for a quarter of an hour at most: whoever has it has the file. */
export const SIGNED_URL_TTL_MAX_S = 900;

/** What a signed link promises to the one who follows it. */
export interface DownloadLink {
  /** Seconds from now, 1 to {@link SIGNED_URL_TTL_MAX_S}. */
  readonly expiresInS: number;
  /** The name under which browsers save the file; any characters. */
  readonly filename: string;
  /** Exactly this type is served. */
  readonly contentType: string;
}

/** Throws a `RangeError` unless the life of a link is a whole number of seconds within the limit. */
export function assertLinkLife(expiresInS: number): void {
  if (Number.isInteger(expiresInS) && expiresInS >= 1 && expiresInS <= SIGNED_URL_TTL_MAX_S) return;
  throw new RangeError(`a signed link lives 1 to ${SIGNED_URL_TTL_MAX_S} seconds, not ${expiresInS}`);
}

/**
 * `Content-Disposition` that makes browsers save and never show the file (RFC 6266): an ASCII name for the old ones,
 * the exact name in `filename*` (RFC 8187). Slashes, quotes and control characters become `_`.
 */
export function attachmentDisposition(filename: string): string {
  const safe =
    filename
      .toWellFormed()
      .replace(/[\p{Cc}"\\/]/gu, '_')
      .slice(0, 150) || 'file';
  const ascii = safe.replace(/[^\x20-\x7e]/gu, '_');
  const encoded = encodeURIComponent(safe.toWellFormed()).replace(/['()*]/g, percentEncoded);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
