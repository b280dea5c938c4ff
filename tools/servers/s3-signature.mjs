import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();

const encode = (text) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

function fromHeader(request) {
  const header = request.headers.authorization ?? '';
  const match = /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(header);
  if (!match) return undefined;
  const [, credential, signedHeaders, signature] = match;
  const payload = request.headers['x-amz-content-sha256'];
  return { credential, signedHeaders, signature, date: request.headers['x-amz-date'], payload };
}

function fromQuery(query) {
  if (!query.has('X-Amz-Signature')) return undefined;
  return {
    credential: query.get('X-Amz-Credential') ?? '',
    signedHeaders: query.get('X-Amz-SignedHeaders') ?? '',
    signature: query.get('X-Amz-Signature'),
    date: query.get('X-Amz-Date') ?? '',
    payload: query.get('X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD',
  };
}

function canonicalRequest(request, url, claim) {
  const query = [...url.searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort();
  const names = claim.signedHeaders.split(';');
  const headers = names.map(
    (name) =>
      `${name}:${String(request.headers[name] ?? '')
        .trim()
        .replace(/ +/g, ' ')}\n`,
  );
  const path = request.url.split('?')[0];
  return [request.method, path, query.join('&'), headers.join(''), claim.signedHeaders, claim.payload].join('\n');
}

/**
 * Whether the request carries a right AWS signature version 4, in the header or (signed links) in the query. The package only
 * looks at the access key and the expiry; without this a changed link would be served here and refused in production.
 * @param {import('node:http').IncomingMessage} request
 * @param {{ accessKeyId: string, secretAccessKey: string }} keys
 * @returns {'missing' | 'wrong' | 'right'}
 */
export function signatureOf(request, keys) {
  const url = new URL(request.url, 'http://localhost');
  const claim = fromQuery(url.searchParams) ?? fromHeader(request);
  if (!claim) return request.headers.authorization ? 'wrong' : 'missing';
  const [accessKeyId, day, region, service, terminator] = claim.credential.split('/');
  if (accessKeyId !== keys.accessKeyId || claim.signature.length !== 64) return 'wrong';
  const scope = [day, region, service, terminator].join('/');
  const text = ['AWS4-HMAC-SHA256', claim.date, scope, sha256(canonicalRequest(request, url, claim))].join('\n');
  const key = [day, region, service, terminator].reduce(hmac, `AWS4${keys.secretAccessKey}`);
  const expected = hmac(key, text);
  const given = Buffer.from(claim.signature, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected) ? 'right' : 'wrong';
}
