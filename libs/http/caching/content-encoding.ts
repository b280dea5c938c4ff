/** How a body may be packed on its way, best first. */
export type ContentEncoding = 'br' | 'gzip' | 'identity';

const CODING = /^\s*([a-z*]+)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?$/i;
const LENGTH_MAX = 256;

/**
 * The best of our encodings that an `Accept-Encoding` header takes (RFC 9110, 12.5.3). Without one, or with one that takes
 * none of ours, the body goes out as it is.
 */
export function encodingFor(header: string | undefined): ContentEncoding {
  if (header === undefined || header.length > LENGTH_MAX) return 'identity';
  const weights = new Map<string, number>();
  for (const part of header.split(',')) {
    const [, coding, weight = '1'] = CODING.exec(part) ?? [];
    if (coding !== undefined) weights.set(coding.toLowerCase(), Number(weight));
  }
  const weightOf = (coding: ContentEncoding): number => weights.get(coding) ?? weights.get('*') ?? 0;
  if (weightOf('br') > 0 && weightOf('br') >= weightOf('gzip')) return 'br';
  return weightOf('gzip') > 0 ? 'gzip' : 'identity';
}
